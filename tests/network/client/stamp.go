package main

import (
	"encoding/binary"
	"time"
)

// stamp is what each packet says of itself in its last bytes, so that the far end knows what became of it.
type stamp struct {
	layer, index, count uint8
	key                 bool
	frame               uint32
	at                  time.Time
}

const stampLen = 20

func (s stamp) write(payload []byte) {
	b := payload[len(payload)-stampLen:]
	b[0], b[1], b[2], b[3] = 0x5a, s.layer, s.index, s.count
	b[4] = 0
	if s.key {
		b[4] = 1
	}
	binary.BigEndian.PutUint32(b[5:], s.frame)
	binary.BigEndian.PutUint64(b[9:], uint64(s.at.UnixMicro()))
	b[17], b[18], b[19] = 0xa5, 0x5a, 0xa5
}

func readStamp(payload []byte) (stamp, bool) {
	if len(payload) < stampLen {
		return stamp{}, false
	}
	b := payload[len(payload)-stampLen:]
	if b[0] != 0x5a || b[17] != 0xa5 || b[18] != 0x5a || b[19] != 0xa5 {
		return stamp{}, false
	}
	at := time.UnixMicro(int64(binary.BigEndian.Uint64(b[9:])))
	return stamp{b[1], b[2], b[3], b[4] == 1, binary.BigEndian.Uint32(b[5:]), at}, true
}
