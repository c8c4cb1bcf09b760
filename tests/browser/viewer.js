// A WHEP viewer for tests: watches a camera, reads the time out of each picture, keeps what the data channel says.
window.viewers = [];
window.logIn = (username, password) =>
  fetch('/api/v1/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Ronda': '1' },
    body: JSON.stringify({ username, password }),
  }).then((answer) => answer.status);

const withoutCandidates = (sdp) =>
  sdp.split('\r\n').filter((line) => !/^a=(candidate:|end-of-candidates)/.test(line)).join('\r\n');

// `through` names a function that gives the answer another way to the robot, such as a narrow link
window.watch = async (path, { squares = 32, data = true, readPictures = true, through = null } = {}) => {
  const pc = new RTCPeerConnection({ iceServers: [] });
  const viewer = { pc, frames: [], stamps: {}, detections: [], firstPictureMs: null, session: null };
  window.viewers.push(viewer);
  const receiver = pc.addTransceiver('video', { direction: 'recvonly' }).receiver;
  receiver.jitterBufferTarget = 0;
  if (data) pc.createDataChannel('viewer', { ordered: false, maxRetransmits: 0 });
  pc.ondatachannel = ({ channel }) => {
    viewer.label = channel.label;
    viewer.reliable = channel.ordered || channel.maxRetransmits !== 0;
    channel.onmessage = ({ data: text }) => {
      const said = JSON.parse(text);
      if (said.type === 'stamp') viewer.stamps[said.rtp] = said;
      else viewer.detections.push(said);
    };
  };
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  document.body.append(video);
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const read = () => {
    canvas.width = video.videoWidth;
    canvas.height = 20;
    context.drawImage(video, 0, 0);
    const size = canvas.width / squares;
    const row = context.getImageData(0, 10, canvas.width, 1).data;
    if (row[3] === 0) return null; // transparent: the browser had no picture to paint
    let value = 0;
    for (let i = 0; i < squares; i++) value = value * 2 + (row[4 * Math.floor((i + 0.5) * size)] > 127 ? 1 : 0);
    return value;
  };
  let asked;
  const next = () =>
    video.requestVideoFrameCallback((now, meta) => {
      const seenMs = Date.now();
      viewer.firstPictureMs ??= performance.now() - asked; // since the offer was sent
      viewer.frames.push({ ms: readPictures ? read() : null, rtp: meta.rtpTimestamp, seenMs });
      if (viewer.frames.length > 1000) viewer.frames.shift();
      next();
    });
  pc.ontrack = ({ track }) => {
    video.srcObject = new MediaStream([track]);
    video.play();
    next();
  };
  await pc.setLocalDescription(await pc.createOffer());
  asked = performance.now();
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp', 'X-Ronda': '1' },
    body: through ? withoutCandidates(pc.localDescription.sdp) : pc.localDescription.sdp,
  });
  const text = await answer.text();
  if (answer.status !== 201) return { status: answer.status, text };
  viewer.session = answer.headers.get('Location');
  await pc.setRemoteDescription({ type: 'answer', sdp: through ? await window[through](text) : text });
  return { status: 201, text, index: window.viewers.length - 1, session: viewer.session };
};

window.stats = async (index) => {
  let found = null;
  for (const report of (await window.viewers[index].pc.getStats()).values()) {
    if (report.type === 'inbound-rtp' && report.kind === 'video') found = report;
  }
  return found && { ...found };
};

window.leave = (index) => {
  const { pc, session } = window.viewers[index];
  pc.close();
  return fetch(session, { method: 'DELETE', headers: { 'X-Ronda': '1' } }).then((answer) => answer.status);
};
