package main

import (
	"bufio"
	"fmt"
	"sort"
	"sync"
	"time"

	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/pion/webrtc/v4"
)

// A picture that stands so long is asked for anew, as browsers do.
const patience = 500 * time.Millisecond

type packet struct {
	stamp
	arrived time.Time
}

// stream is all that came of one track, by number.
type stream struct {
	sync.Mutex
	name    string
	video   bool
	packets map[uint64]packet
	highest uint64
}

// window is a stretch of time that is judged by itself.
type window struct {
	Name     string   `json:"name"`
	Seconds  float64  `json:"seconds"`
	Voices   []voice  `json:"voices"`
	Pictures []seen   `json:"pictures"`
	Notes    []string `json:"notes,omitempty"`
	from, to time.Time
}

type voice struct {
	Of   string  `json:"of"`
	Gap  float64 `json:"gap_ms"`
	Late float64 `json:"late_ms"`
	P95  float64 `json:"late_p95_ms"`
	Came int     `json:"came"`
}

type seen struct {
	Of      string  `json:"of"`
	Rate    float64 `json:"rate"`
	Freeze  float64 `json:"freeze_ms"`
	Freezes int     `json:"freezes"`
	Layer   int     `json:"layer"`
	// When its best layer, up to the end of the window, began; none when it isn't the best at the end.
	Best *float64 `json:"best_ms"`
}

func watchRoom(lines *bufio.Scanner) ([]*window, error) {
	var mu sync.Mutex
	var streams []*stream
	subscribed := func(t *webrtc.TrackRemote, _ *lksdk.RemoteTrackPublication, of *lksdk.RemoteParticipant) {
		s := &stream{name: of.Identity(), video: t.Kind() == webrtc.RTPCodecTypeVideo, packets: map[uint64]packet{}}
		mu.Lock()
		streams = append(streams, s)
		mu.Unlock()
		go s.read(t)
		if s.video {
			go s.askWhenStuck(func() { of.WritePLI(t.SSRC()) })
		}
	}
	callback := &lksdk.RoomCallback{ParticipantCallback: lksdk.ParticipantCallback{OnTrackSubscribed: subscribed}}
	if _, err := connect("watcher", callback); err != nil {
		return nil, err
	}
	fmt.Println("in")
	var windows []*window
	for lines.Scan() {
		now := time.Now()
		if len(windows) > 0 {
			windows[len(windows)-1].to = now
		}
		windows = append(windows, &window{Name: lines.Text(), from: now})
	}
	if len(windows) == 0 {
		return nil, nil
	}
	windows[len(windows)-1].to = time.Now()
	mu.Lock()
	defer mu.Unlock()
	for _, w := range windows {
		w.judge(streams)
	}
	return windows, nil
}

func (s *stream) read(t *webrtc.TrackRemote) {
	for {
		p, _, err := t.ReadRTP()
		if err != nil {
			return
		}
		now := time.Now()
		if st, ok := readStamp(p.Payload); ok {
			s.take(p.SequenceNumber, packet{st, now})
		}
	}
}

func (s *stream) take(seq uint16, p packet) {
	s.Lock()
	defer s.Unlock()
	if s.highest == 0 {
		s.highest = 1<<16 + uint64(seq)
	}
	extended := s.highest + uint64(int64(int16(seq-uint16(s.highest))))
	s.highest = max(s.highest, extended)
	if _, had := s.packets[extended]; !had {
		s.packets[extended] = p
	}
}

func (s *stream) sorted() []packet {
	s.Lock()
	defer s.Unlock()
	numbers := make([]uint64, 0, len(s.packets))
	for n := range s.packets {
		numbers = append(numbers, n)
	}
	sort.Slice(numbers, func(a, b int) bool { return numbers[a] < numbers[b] })
	all := make([]packet, len(numbers))
	for i, n := range numbers {
		all[i] = s.packets[n]
	}
	return all
}

// shown is the last packet of each picture that could be shown, with the moment it could: whole, and its predecessor shown
// or itself a key frame, and not before what comes before it.
func (s *stream) shown() []packet {
	var shown, have []packet
	for _, p := range s.sorted() {
		if len(have) > 0 && (have[0].layer != p.layer || have[0].frame != p.frame) {
			have = nil
		}
		have = append(have, p)
		if len(have) < int(p.count) {
			continue
		}
		before := len(shown) - 1
		if p.key || before >= 0 && shown[before].layer == p.layer && shown[before].frame+1 == p.frame {
			for _, part := range have {
				if part.arrived.After(p.arrived) {
					p.arrived = part.arrived
				}
			}
			if before >= 0 && shown[before].arrived.After(p.arrived) {
				p.arrived = shown[before].arrived
			}
			shown = append(shown, p)
		}
		have = nil
	}
	return shown
}

func (s *stream) askWhenStuck(ask func()) {
	for range time.Tick(patience) {
		s.Lock()
		came := len(s.packets)
		s.Unlock()
		if came == 0 {
			continue
		}
		shown := s.shown()
		all := s.sorted()
		newest := all[len(all)-1].arrived
		moves := len(shown) > 0 && time.Since(shown[len(shown)-1].arrived) < patience
		if !moves && time.Since(newest) < patience {
			ask()
		}
	}
}

func (w *window) judge(streams []*stream) {
	w.Seconds = w.to.Sub(w.from).Seconds()
	for _, s := range streams {
		if s.video {
			w.Pictures = append(w.Pictures, w.see(s))
		} else {
			w.Voices = append(w.Voices, w.hear(s))
		}
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (w *window) holds(at time.Time) bool { return !at.Before(w.from) && at.Before(w.to) }

// gaps between these moments and both ends of the window.
func (w *window) gaps(moments []time.Time) (longest time.Duration, long int) {
	sort.Slice(moments, func(a, b int) bool { return moments[a].Before(moments[b]) })
	last := w.from
	for _, at := range append(moments, w.to) {
		gap := at.Sub(last)
		longest, last = max(longest, gap), at
		if gap > 500*time.Millisecond {
			long++
		}
	}
	return longest, long
}

func (w *window) hear(s *stream) voice {
	var moments []time.Time
	var late []float64
	for _, p := range s.sorted() {
		if w.holds(p.arrived) {
			moments = append(moments, p.arrived)
			late = append(late, ms(p.arrived.Sub(p.at)))
		}
	}
	v := voice{Of: s.name, Came: len(late)}
	gap, _ := w.gaps(moments)
	v.Gap = ms(gap)
	if len(late) > 0 {
		sort.Float64s(late)
		v.Late, v.P95 = late[len(late)-1], late[len(late)*95/100]
	}
	return v
}

func (w *window) see(s *stream) seen {
	v := seen{Of: s.name, Layer: -1}
	var moments []time.Time
	var best *float64
	for _, p := range s.shown() {
		if !w.holds(p.arrived) {
			continue
		}
		moments = append(moments, p.arrived)
		if int(p.layer) < 2 {
			best = nil
		} else if best == nil {
			at := ms(p.arrived.Sub(w.from))
			best = &at
		}
		v.Layer = int(p.layer)
	}
	v.Best = best
	gap, long := w.gaps(moments)
	v.Rate, v.Freeze, v.Freezes = float64(len(moments))/w.Seconds, ms(gap), long
	return v
}
