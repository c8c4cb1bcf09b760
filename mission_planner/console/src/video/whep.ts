/** One WHEP session in the browser: offer, answer, the stream and its data channels, and a clean end. */
import { video as calls } from '../api/calls';
import { hangUp, offer } from '../api/client';
import { NoVideo, type Why } from './why';

const GATHER_MS = 1_000; // what has been found by then must do: there is no trickle
const BROKEN_AFTER_MS = 4_000; // a connection may recover by itself for so long

export interface PeerHooks {
  stream(stream: MediaStream): void;
  word(text: string): void; // a message of a data channel
  lost(why: Why): void;
}

export interface Peer {
  readonly connection: RTCPeerConnection;
  close(): void;
}

/** Opens the camera of a robot. Throws ApiError or NoVideo. */
export async function connect(path: string, hooks: PeerHooks): Promise<Peer> {
  if (typeof RTCPeerConnection === 'undefined') throw new NoVideo({ kind: 'noWebRtc' });
  const { ice_servers } = await calls.iceServers();
  const pc = new RTCPeerConnection({ iceServers: ice_servers });
  try {
    prepare(pc, hooks);
    await pc.setLocalDescription(await pc.createOffer());
    await gathered(pc);
    const answer = await offer(path, pc.localDescription?.sdp ?? '');
    return await accept(pc, answer, hooks);
  } catch (reason) {
    pc.close();
    throw reason;
  }
}

function prepare(pc: RTCPeerConnection, hooks: PeerHooks): void {
  const receiver = pc.addTransceiver('video', { direction: 'recvonly' });
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
  const wanted = codecs.filter((c) => /\/(H264|rtx)$/i.test(c.mimeType));
  if (!wanted.some((c) => /H264$/i.test(c.mimeType))) throw new NoVideo({ kind: 'noFormat' });
  receiver.setCodecPreferences(wanted);
  // the offer must speak of data channels, or the robot cannot open its own
  listen(pc.createDataChannel('viewer', { ordered: false, maxRetransmits: 0 }), hooks);
  pc.ondatachannel = ({ channel }) => listen(channel, hooks);
  pc.ontrack = ({ track, streams }) => hooks.stream(streams[0] ?? new MediaStream([track]));
}

function listen(channel: RTCDataChannel, hooks: PeerHooks): void {
  channel.onmessage = ({ data }) => typeof data === 'string' && hooks.word(data);
}

/** When every candidate is known, or after `GATHER_MS`. */
function gathered(pc: RTCPeerConnection): Promise<void> {
  if (pc.iceGatheringState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GATHER_MS);
    pc.onicegatheringstatechange = () => {
      if (pc.iceGatheringState !== 'complete') return;
      clearTimeout(timer);
      resolve();
    };
  });
}

async function accept(
  pc: RTCPeerConnection,
  answer: { sdp: string; session: string | null },
  hooks: PeerHooks,
): Promise<Peer> {
  let broken: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    removeEventListener('pagehide', end);
    clearTimeout(broken);
    pc.onconnectionstatechange = null;
    pc.close();
    if (answer.session) hangUp(answer.session);
  };
  addEventListener('pagehide', end);
  pc.onconnectionstatechange = () => {
    clearTimeout(broken);
    if (pc.connectionState === 'failed') hooks.lost({ kind: 'lost' });
    if (pc.connectionState === 'disconnected') {
      broken = setTimeout(() => hooks.lost({ kind: 'lost' }), BROKEN_AFTER_MS);
    }
  };
  try {
    await pc.setRemoteDescription({ type: 'answer', sdp: answer.sdp });
  } catch (reason) {
    end();
    throw reason;
  }
  return { connection: pc, close: end };
}
