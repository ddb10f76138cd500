// Unmodified LiveKit clients of two ages, driven by name from the test.
import * as newest from 'livekit-client';
import * as older from 'livekit-client-2-20';

const kits = { newest, older };
const state = { data: [], events: [] };
window.state = state;

window.enter = async (kit, url, token, options) => {
  const lk = kits[kit];
  const room = (window.room = new lk.Room(options));
  state.version = lk.version;
  room.on(lk.RoomEvent.DataReceived, (payload, from, _kind, topic) =>
    state.data.push({ text: new TextDecoder().decode(payload), from: from?.identity, topic }));
  for (const name of ['Reconnecting', 'Reconnected', 'Disconnected', 'ParticipantDisconnected', 'TrackUnsubscribed', 'Moved'])
    room.on(lk.RoomEvent[name], () => state.events.push(name));
  room.on(lk.RoomEvent.TrackSubscribed, (track, publication, from) => {
    const element = track.attach();
    element.dataset.from = from.identity;
    element.dataset.source = publication.source;
    document.body.append(element);
  });
  room.on(lk.RoomEvent.TrackUnsubscribed, (track) => track.detach().forEach((element) => element.remove()));
  await room.connect(url, token);
};

// A canvas that changes in every frame, so that a frozen picture can't pass for a moving one.
window.publishPicture = async (options) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
  const pen = canvas.getContext('2d');
  let n = 0;
  setInterval(() => {
    pen.fillStyle = `hsl(${(n += 7) % 360} 80% 50%)`;
    pen.fillRect(0, 0, 640, 360);
  }, 1000 / 20);
  const [track] = canvas.captureStream(20).getVideoTracks();
  await window.room.localParticipant.publishTrack(track, { source: 'camera', ...options });
};

window.publishTone = async (hz, channels = 2) => {
  const context = new AudioContext();
  await context.resume();
  const out = new MediaStreamAudioDestinationNode(context, { channelCount: channels });
  const tone = new OscillatorNode(context, { frequency: hz });
  tone.connect(out);
  tone.start();
  const [track] = out.stream.getAudioTracks();
  // Of two channels until sound has come, and LiveKit's client goes by that.
  for (let n = 0; n < 100 && (track.getSettings().channelCount ?? channels) !== channels; n += 1) {
    await new Promise((done) => setTimeout(done, 20));
  }
  await window.room.localParticipant.publishTrack(track, { source: 'microphone' });
};

// A microphone of the browser's own: where there is no sound card, Firefox lets no AudioContext run.
window.publishMicrophone = () => window.room.localParticipant.setMicrophoneEnabled(true);

window.say = (text, options) => window.room.localParticipant.publishData(new TextEncoder().encode(text), options);
