"""A browser without any SDK publishes by WHIP, with `RTCPeerConnection` and `fetch` alone; others see and hear it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.interop.test_js_sdk import Tab, browser, page_url
from tests.product import Product

__all__ = ["browser", "page_url"]  # fixtures

# As an encoder does: offer, trickle, restart ICE, and hang up by DELETE.
ENCODER = """
window.whip = async (url, token, hz) => {
  const sound = new AudioContext(), tone = sound.createOscillator(), out = sound.createMediaStreamDestination();
  tone.frequency.value = hz;
  tone.connect(out);
  tone.start();
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
  const pen = canvas.getContext('2d');
  let n = 0;
  setInterval(() => {
    pen.fillStyle = `hsl(${(n += 7) % 360} 80% 50%)`;
    pen.fillRect(0, 0, 640, 360);
  }, 50);
  const connection = new RTCPeerConnection();
  for (const track of [...out.stream.getTracks(), ...canvas.captureStream(20).getTracks()])
    connection.addTransceiver(track, { direction: 'sendonly' });
  await connection.setLocalDescription();
  const headers = { Authorization: `Bearer ${token}` };
  const made = await fetch(`${url}whip/v1`, {
    method: 'POST', headers: { ...headers, 'Content-Type': 'application/sdp' }, body: connection.localDescription.sdp,
  });
  const at = new URL(made.headers.get('Location'), url);
  await connection.setRemoteDescription({ type: 'answer', sdp: await made.text() });
  const patch = (tag, body) => fetch(at, {
    method: 'PATCH', headers: { ...headers, 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': tag }, body,
  });
  Object.assign(window, { connection, ended: () => fetch(at, { method: 'DELETE', headers }).then((a) => a.status) });
  window.trickled = (await patch(made.headers.get('ETag'), 'a=end-of-candidates\\r\\n')).status;
  window.restarted = async () => {
    await connection.setLocalDescription(await connection.createOffer({ iceRestart: true }));
    const lines = connection.localDescription.sdp.split('\\r\\n').filter((line) => /^a=ice-(ufrag|pwd):/.test(line));
    const answer = await patch('*', lines.slice(0, 2).join('\\r\\n') + '\\r\\n');
    const news = Object.fromEntries((await answer.text()).split('\\r\\n').map((l) => l.match(/^a=ice-(ufrag|pwd):(.*)/))
      .filter(Boolean).map(([, name, value]) => [name, value]));
    const sdp = connection.currentRemoteDescription.sdp
      .replace(/^a=ice-(ufrag|pwd):.*$/gm, (_, name) => `a=ice-${name}:${news[name]}`);
    await connection.setRemoteDescription({ type: 'answer', sdp });
    return answer.status;
  };
  return made.status;
};
"""


@pytest.mark.usefixtures("browser")
def test_an_encoder_is_seen_and_heard_restarts_and_ends(
    product: Product, browser: Browser, page_url: str
) -> None:
    bo, encoder = Tab(browser, page_url), Tab(browser, page_url, ENCODER)
    bo.enter(product, "bo", "whip", "newest", single=True)
    token = product.token("encoder", "whip")
    assert encoder.page.evaluate("([url, token]) => whip(url, token, 440)", [product.address, token]) == 201
    assert encoder.page.evaluate("trickled") == 204
    bo.hears(440)
    bo.sees()
    assert encoder.page.evaluate("restarted()") == 200
    bo.sees()
    assert encoder.page.evaluate("connection.iceConnectionState") in ("connected", "completed")
    assert encoder.page.evaluate("ended()") == 200
    bo.page.wait_for_function("room.remoteParticipants.size === 0", timeout=10_000)
