package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/livekit/protocol/livekit"
	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// Of a voice it is told each second that it is still heard, and first when some of it has come.
const aSecond, some = 50, 10

const patienceToJoin = 30 * time.Second

// format is a codec and its format line.
type format struct{ mime, line string }

// formats are what one who is asked for them offers, beside opus and VP8 that all have.
var formats = map[string]format{
	"red":      {"audio/red", ""},
	"baseline": {webrtc.MimeTypeH264, h264Line + "42e01f"},
	"main":     {webrtc.MimeTypeH264, h264Line + "4d001f"},
	"high":     {webrtc.MimeTypeH264, h264Line + "640032"},
}

const h264Line = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id="

var scenarios = map[string]lksdk.SimulateScenario{
	"signal":    lksdk.SimulateSignalReconnect,
	"speaker":   lksdk.SimulateSpeakerUpdate,
	"migration": lksdk.SimulateMigration,
	"leave":     lksdk.SimulateServerLeave,
	"node":      lksdk.SimulateNodeFailure,
}

// event is one thing that happened to a person; a line of standard output.
type event struct {
	What string `json:"what"`
	Of   string `json:"of,omitempty"`
	Said string `json:"said,omitempty"`
	Mime string `json:"mime,omitempty"`
	Line string `json:"line,omitempty"`
}

var telling sync.Mutex

func tell(e event) {
	telling.Lock()
	defer telling.Unlock()
	line, _ := json.Marshal(e)
	fmt.Println(string(line))
}

// live is one person who does what the lines of standard input say, and tells what happens to them, until it ends.
func live(lines *bufio.Scanner, token string, offered []string) error {
	// On a machine that is busy with other things everything lasts.
	options := []lksdk.ConnectOption{lksdk.WithConnectTimeout(patienceToJoin)}
	if len(offered) > 0 {
		list := []livekit.Codec{{Mime: "audio/opus"}, {Mime: "video/VP8"}}
		for _, name := range offered {
			list = append(list, livekit.Codec{Mime: formats[name].mime, FmtpLine: formats[name].line})
		}
		options = append(options, lksdk.WithCodecs(list))
	}
	if *single {
		options = append(options, lksdk.WithSinglePeerConnection())
	}
	room, err := lksdk.ConnectToRoomWithToken(*url, token, told(), options...)
	if err != nil {
		tell(event{What: "refused", Said: err.Error()})
		return nil
	}
	tell(event{What: "in", Said: room.Name()})
	for lines.Scan() {
		if err := does(room, strings.Fields(lines.Text())); err != nil {
			tell(event{What: "failed", Said: err.Error()})
		}
	}
	room.Disconnect()
	return nil
}

func told() *lksdk.RoomCallback {
	return &lksdk.RoomCallback{
		OnDisconnectedWithReason: func(why lksdk.DisconnectionReason) { tell(event{What: "out", Said: string(why)}) },
		OnParticipantConnected:   func(p *lksdk.RemoteParticipant) { tell(event{What: "came", Of: p.Identity()}) },
		OnParticipantDisconnected: func(p *lksdk.RemoteParticipant) {
			tell(event{What: "went", Of: p.Identity()})
		},
		OnActiveSpeakersChanged: func(speakers []lksdk.Participant) {
			for _, one := range speakers {
				tell(event{What: "speaks", Of: one.Identity()})
			}
		},
		OnRoomMoved:    func(name string, _ string) { tell(event{What: "moved", Said: name}) },
		OnReconnected:  func() { tell(event{What: "back"}) },
		OnReconnecting: func() { tell(event{What: "lost"}) },
		ParticipantCallback: lksdk.ParticipantCallback{
			OnDataPacket: func(data lksdk.DataPacket, from lksdk.DataReceiveParams) {
				if said, ok := data.(*lksdk.UserDataPacket); ok {
					tell(event{What: "data", Of: from.SenderIdentity, Said: string(said.Payload)})
				}
			},
			OnTrackSubscribed: func(t *webrtc.TrackRemote, _ *lksdk.RemoteTrackPublication, of *lksdk.RemoteParticipant) {
				go takes(t, of.Identity())
			},
		},
	}
}

func does(room *lksdk.Room, words []string) error {
	me := room.LocalParticipant
	switch words[0] {
	case "sings":
		return sings(me, words[1:])
	case "films":
		return films(me, words[1])
	case "says":
		return me.PublishDataPacket(lksdk.UserData([]byte(words[1])), lksdk.WithDataPublishReliable(true))
	case "serves":
		return room.RegisterRpcMethod(words[1], func(call lksdk.RpcInvocationData) (string, error) {
			return "hello, " + call.Payload, nil
		})
	case "calls":
		said, err := me.PerformRpc(lksdk.PerformRpcParams{DestinationIdentity: words[1], Method: words[2], Payload: words[3]})
		if err != nil {
			return err
		}
		tell(event{What: "answered", Of: words[1], Said: *said})
	case "simulates":
		room.Simulate(scenarios[words[1]])
	default:
		return fmt.Errorf("nobody does %q", words[0])
	}
	return nil
}

// --- what is sent ----------------------------------------------------------------------------------------------------

// sings publishes a voice; with "red" each packet repeats the one before (RFC 2198).
func sings(me *lksdk.LocalParticipant, words []string) error {
	twice := len(words) > 0 && words[0] == "red"
	codec := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}
	if twice {
		codec.MimeType, codec.SDPFmtpLine = "audio/red", "111/111"
	}
	t, err := webrtc.NewTrackLocalStaticRTP(codec, "voice", "stream")
	if err != nil {
		return err
	}
	if _, err := me.PublishTrack(t, &lksdk.TrackPublicationOptions{Source: livekit.TrackSource_MICROPHONE}); err != nil {
		return err
	}
	go func() {
		var before []byte
		for n := uint32(0); ; n++ {
			time.Sleep(20 * time.Millisecond)
			payload := make([]byte, 80)
			payload[0] = 0x78
			stamp{count: 1, frame: n, at: time.Now()}.write(payload)
			sent := payload
			if twice {
				sent = red(before, payload)
			}
			before = payload
			p := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(n), Timestamp: n * 960}, Payload: sent}
			if t.WriteRTP(&p) != nil {
				return
			}
		}
	}()
	return nil
}

// red is a payload of RFC 2198: 960 samples earlier, before; then now.
func red(before, now []byte) []byte {
	const opus, samples = 111, 960
	if before == nil {
		return append([]byte{opus}, now...)
	}
	length := len(before)
	header := []byte{0x80 | opus, byte(samples >> 6), byte(samples&0x3f<<2 | length>>8), byte(length), opus}
	return append(append(header, before...), now...)
}

// What a profile's encoder says of its pictures, once, before the first and with no picture after it.
var idc = map[string]byte{"baseline": 0x42, "main": 0x4d, "high": 0x64}

// films publishes H264 of a profile: parameter sets and a key frame when asked, as three packets of one moment.
func films(me *lksdk.LocalParticipant, profile string) error {
	codec := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeH264, ClockRate: 90000, SDPFmtpLine: formats[profile].line}
	t, err := webrtc.NewTrackLocalStaticRTP(codec, "camera", "stream")
	if err != nil {
		return err
	}
	options := &lksdk.TrackPublicationOptions{Source: livekit.TrackSource_CAMERA, VideoWidth: 320, VideoHeight: 180}
	if _, err := me.PublishTrack(t, options); err != nil {
		return err
	}
	go func() {
		var seq uint16
		for n := uint32(0); ; n++ {
			time.Sleep(40 * time.Millisecond)
			units := [][]byte{append([]byte{0x41, 0x9a}, make([]byte, 200)...)}
			if n%25 == 0 { // a key frame each second, whoever asks
				units = [][]byte{
					{0x67, idc[profile], 0x00, 0x1f, 0xac, 0xd9, 0x40, 0x50, 0x05, 0xbb},
					{0x68, 0xeb, 0xe3, 0xcb, 0x22, 0xc0},
					append([]byte{0x65, 0x88}, make([]byte, 400)...),
				}
			}
			for i, unit := range units {
				p := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: seq, Timestamp: n * 3600,
					Marker: i == len(units)-1}, Payload: unit}
				if t.WriteRTP(&p) != nil {
					return
				}
				seq++
			}
		}
	}()
	return nil
}

// --- what comes ------------------------------------------------------------------------------------------------------

// takes tells of a track once enough of it has come, and of H264 what its parameter sets say, each time that is news.
func takes(t *webrtc.TrackRemote, of string) {
	codec := t.Codec()
	came, sets := 0, map[byte]bool{}
	profile := byte(0)
	for {
		p, _, err := t.ReadRTP()
		if err != nil {
			return
		}
		if codec.MimeType == webrtc.MimeTypeH264 {
			for _, unit := range unitsOf(p.Payload) {
				sets[unit[0]&0x1f] = true
				if unit[0]&0x1f == 7 && len(unit) > 1 {
					profile = unit[1]
				}
			}
			if sets[5] && sets[7] && sets[8] {
				tell(event{What: "sees", Of: of, Said: fmt.Sprintf("%02x", profile), Mime: codec.MimeType, Line: codec.SDPFmtpLine})
				sets = map[byte]bool{}
			}
			continue
		}
		if words, said := wordsOf(p.Payload, codec.MimeType); said {
			if came++; came%aSecond == some {
				tell(event{What: "hears", Of: of, Mime: codec.MimeType, Said: words})
			}
		}
	}
}

// wordsOf is how often a packet says a word of ours: once, or as RED the one before it too.
func wordsOf(payload []byte, kind string) (string, bool) {
	if _, ok := readStamp(payload); !ok {
		return "", false
	}
	if !strings.EqualFold(kind, "audio/red") || payload[0]&0x80 == 0 {
		return "once", true
	}
	length := int(payload[2]&3)<<8 | int(payload[3])
	if len(payload) < 5+length {
		return "", false
	}
	now, _ := readStamp(payload)
	before, ok := readStamp(payload[5 : 5+length])
	if !ok || before.frame+1 != now.frame {
		return "", false
	}
	return "twice", true
}

// unitsOf is what a packet of RFC 6184 has whole: one unit, or those of a STAP-A.
func unitsOf(payload []byte) [][]byte {
	if len(payload) == 0 {
		return nil
	}
	if payload[0]&0x1f != 24 {
		return [][]byte{payload}
	}
	var units [][]byte
	for rest := payload[1:]; len(rest) > 2; {
		length := int(rest[0])<<8 | int(rest[1])
		if length == 0 || len(rest) < 2+length {
			break
		}
		units = append(units, rest[2:2+length])
		rest = rest[2+length:]
	}
	return units
}
