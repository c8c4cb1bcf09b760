/** Whether a robot can be made to speak now, and what its newest sentence asks of a person's eye. */
import type { Robot, Speech, SpeechState } from '../api/types';

export type SpeechBar = 'offline' | 'mute' | 'busy';

const OVER: readonly SpeechState[] = ['said', 'failed'];

export const isOver = (speech: Speech): boolean => OVER.includes(speech.state);

/** Why it cannot be asked; null when it can. An urgent sentence may interrupt. */
export function barOf(robot: Pick<Robot, 'link' | 'speaks' | 'speech'>, urgent: boolean): SpeechBar | null {
  if (robot.link !== 'online') return 'offline';
  if (robot.speaks.length === 0) return 'mute';
  return robot.speech && !isOver(robot.speech) && !urgent ? 'busy' : null;
}

/** Words of one's own, tidied as the center tidies them, in the language they seem to be in. */
export function ownWords(text: string): { zh: string; en: string } {
  const words = text.trim().replace(/\s+/g, ' ');
  return /[\u3400-\u9fff]/.test(words) ? { zh: words, en: '' } : { zh: '', en: words };
}

/** How many characters are left; below 0 it is too long. As the center counts: by code points. */
export const charactersLeft = (text: string, longest: number): number =>
  longest - [...text.trim().replace(/\s+/g, ' ')].length;

/** The sentence to show: of an incident only one that was ordered for it. */
export const shownSpeech = (speech: Speech | null, incidentId: string | null): Speech | null =>
  speech && (incidentId === null || speech.incident_id === incidentId) ? speech : null;
