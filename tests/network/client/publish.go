package main

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/livekit/protocol/livekit"
	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

const pictures = 25 // a second

// size is packets of a picture and bytes of each; a key frame has four times as many.
type size struct{ packets, bytes int }

// What browsers make of 720p: 150 kb/s, 500 kb/s, 1.7 Mb/s.
var sizes = []size{{1, 750}, {3, 833}, {8, 1062}}

var qualities = []livekit.VideoQuality{livekit.VideoQuality_LOW, livekit.VideoQuality_MEDIUM, livekit.VideoQuality_HIGH}

func send(n int, speaks bool) error {
	// It takes nothing: 25 that see each other's pictures keep the machine busy, and what is measured is the watcher's line.
	r, err := connect(fmt.Sprintf("sender-%d", n), &lksdk.RoomCallback{}, lksdk.WithAutoSubscribe(false))
	if err != nil {
		return err
	}
	if speaks {
		if err := speak(r); err != nil {
			return err
		}
	}
	layers := 3
	if *kind == "small" {
		layers = 1
	}
	return show(r, n, layers)
}

func show(r *lksdk.Room, n, layers int) error {
	var tracks []*lksdk.LocalTrack
	for layer := range layers {
		t, err := camera(n, layer, layers > 1)
		if err != nil {
			return err
		}
		tracks = append(tracks, t)
	}
	options := &lksdk.TrackPublicationOptions{
		Name: "camera", Source: livekit.TrackSource_CAMERA, VideoWidth: 1280, VideoHeight: 720,
	}
	if layers == 1 {
		options.VideoWidth, options.VideoHeight = 320, 180
		_, err := r.LocalParticipant.PublishTrack(tracks[0], options)
		return err
	}
	_, err := r.LocalParticipant.PublishSimulcastTrack(tracks, options)
	return err
}

func camera(n, layer int, simulcast bool) (*lksdk.LocalTrack, error) {
	wanted := &atomic.Bool{}
	wanted.Store(true)
	options := []lksdk.LocalTrackOptions{lksdk.WithRTCPHandler(func(p rtcp.Packet) {
		switch p.(type) {
		case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
			wanted.Store(true)
		}
	})}
	if simulcast {
		shrink := uint32(4 >> layer)
		of := &livekit.VideoLayer{Quality: qualities[layer], Width: 1280 / shrink, Height: 720 / shrink,
			Bitrate: uint32(sizes[layer].packets * sizes[layer].bytes * 8 * pictures)}
		options = append(options, lksdk.WithSimulcast(fmt.Sprintf("camera-%d", n), of))
	}
	t, err := lksdk.NewLocalTrack(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000,
		RTCPFeedback: []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "nack", Parameter: "pli"}}}, options...)
	if err != nil {
		return nil, err
	}
	t.OnBind(func() { go film(t, n, layer, wanted) })
	return t, nil
}

// film never ends: the process does.
func film(t *lksdk.LocalTrack, n, layer int, wanted *atomic.Bool) {
	// Cameras don't tick together.
	time.Sleep(time.Duration(n*7%40) * time.Millisecond)
	begun := time.Now()
	var seq uint16
	for frame := uint32(0); ; frame++ {
		at := begun.Add(time.Duration(frame) * time.Second / pictures)
		time.Sleep(time.Until(at))
		of := sizes[layer]
		key := wanted.Swap(false)
		if key {
			of.packets *= 4
		}
		for i := range of.packets {
			payload := make([]byte, of.bytes)
			vp8(payload, i == 0, key, uint16(frame)&0x7fff)
			stamp{uint8(layer), uint8(i), uint8(of.packets), key, frame, time.Now()}.write(payload)
			p := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: seq, Timestamp: frame * 90000 / pictures,
				Marker: i == of.packets-1}, Payload: payload}
			_ = t.WriteRTP(&p, nil)
			seq++
		}
	}
}

// vp8 writes a descriptor with a picture id of 15 bits and the start of a frame.
func vp8(payload []byte, first, key bool, picture uint16) {
	payload[0], payload[1] = 0x80, 0x80
	payload[2], payload[3] = 0x80|byte(picture>>8), byte(picture)
	if !first {
		return
	}
	payload[0] |= 0x10
	if key {
		copy(payload[4:], []byte{0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x00, 0x05, 0xd0, 0x02})
	} else {
		copy(payload[4:], []byte{0x11, 0, 0})
	}
}

func speak(r *lksdk.Room) error {
	t, err := lksdk.NewLocalTrack(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2})
	if err != nil {
		return err
	}
	t.OnBind(func() { go talk(t) })
	_, err = r.LocalParticipant.PublishTrack(t, &lksdk.TrackPublicationOptions{
		Name: "voice", Source: livekit.TrackSource_MICROPHONE})
	return err
}

func talk(t *lksdk.LocalTrack) {
	begun := time.Now()
	loud := uint8(20)
	for n := uint32(0); ; n++ {
		time.Sleep(time.Until(begun.Add(time.Duration(n) * 20 * time.Millisecond)))
		payload := make([]byte, 80)
		payload[0] = 0x78
		stamp{count: 1, frame: n, at: time.Now()}.write(payload)
		p := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(n), Timestamp: n * 960}, Payload: payload}
		_ = t.WriteRTP(&p, &lksdk.SampleWriteOptions{AudioLevel: &loud})
	}
}
