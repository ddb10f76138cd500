// client is people of the network matrix over LiveKit's Go SDK: those who send, and one who watches over a bad line.
//
//	client -publish 25 -kind small -voices 1 …    until its standard input ends
//	client -watch …                               a line of standard input begins a window of that name; its end, the report
//	client -person TOKEN -offers red,high …       one who does what each line says, and tells each thing that happens (person.go)
//
// What is sent is no film: each packet says what it is and when it left (stamp.go), so the one who watches can say of each
// picture when it could be shown, and of each word how late it was. Both run on one machine, by one clock.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/go-logr/logr"
	"github.com/livekit/protocol/logger"
	lksdk "github.com/livekit/server-sdk-go/v2"
)

var (
	url     = flag.String("url", "ws://127.0.0.1:7880", "server")
	key     = flag.String("key", "devkey", "API key")
	secret  = flag.String("secret", "secret", "API secret")
	room    = flag.String("room", "matrix", "room")
	publish = flag.Int("publish", 0, "so many who send")
	kind    = flag.String("kind", "hd", "what cameras send: hd (three layers of 720p) or small (one of 150 kb/s)")
	voices  = flag.Int("voices", 1, "so many of them speak, the last ones")
	watch   = flag.Bool("watch", false, "one who watches")
	person  = flag.String("person", "", "one who does what is said, with this token")
	offers  = flag.String("offers", "", "what they have beside opus and VP8: red, baseline, main, high")
	single  = flag.Bool("single", false, "on one connection")
)

func connect(identity string, callback *lksdk.RoomCallback, options ...lksdk.ConnectOption) (*lksdk.Room, error) {
	info := lksdk.ConnectInfo{APIKey: *key, APISecret: *secret, RoomName: *room, ParticipantIdentity: identity}
	return lksdk.ConnectToRoom(*url, info, callback, options...)
}

func main() {
	flag.Parse()
	lksdk.SetLogger(logger.LogRLogger(logr.Discard()))
	lines := bufio.NewScanner(os.Stdin)
	if *person != "" {
		offered := strings.FieldsFunc(*offers, func(r rune) bool { return r == ',' })
		if err := live(lines, *person, offered); err != nil {
			log.Fatal(err)
		}
		return
	}
	if *watch {
		report, err := watchRoom(lines)
		if err != nil {
			log.Fatal(err)
		}
		out, _ := json.Marshal(report)
		fmt.Println(string(out))
		return
	}
	for n := range *publish {
		if err := send(n, n >= *publish-*voices); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println("in")
	for lines.Scan() {
	}
}
