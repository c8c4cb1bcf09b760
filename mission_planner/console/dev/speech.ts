/** Development only: ready sentences, and a robot that says what it is told within a few seconds. */
import type { Ready, Robot, Sentences, Speech } from '../src/api/types';
import { freshId, iso } from './robots';

const READY: Ready[] = [
  {
    sentence_id: 'help_coming',
    words: { zh: '救护人员正在赶来，请不要移动', en: 'Help is on its way, please do not move' },
    urgent: false,
  },
  {
    sentence_id: 'keep_away',
    words: { zh: '前方有危险，请绕行', en: 'There is danger ahead, please go another way' },
    urgent: true,
  },
];
export const SENTENCES: Sentences = { language: 'zh', longest: 200, ready: READY };
const STEPS: [Speech['state'], number][] = [
  ['saying', 600],
  ['said', 4000],
];

/** It is ordered now; `changed` is called whenever it has come further. */
export function speak(robot: Robot, body: Record<string, unknown>, changed: () => void): void {
  const ready = READY.find((r) => r.sentence_id === body['sentence_id']);
  const own = body['words'] as Speech['words'] | undefined;
  robot.speech = {
    order_id: freshId('order'),
    words: ready?.words ?? own ?? { zh: '', en: '' },
    language: 'zh',
    urgent: body['urgent'] === true,
    incident_id: (body['incident_id'] as string | null | undefined) ?? null,
    state: 'ordered',
    because: null,
    at: iso(Date.now()),
  };
  const mine = robot.speech.order_id;
  for (const [state, after_ms] of STEPS) {
    setTimeout(() => {
      if (robot.speech?.order_id !== mine) return;
      robot.speech = { ...robot.speech, state, at: iso(Date.now()) };
      changed();
    }, after_ms);
  }
}
