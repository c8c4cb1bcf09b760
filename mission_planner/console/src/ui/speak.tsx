/** Making a robot speak: the button, the dialog with ready sentences and free words, and what became of them. */
import { useSignal } from '@preact/signals';
import { robots as calls } from '../api/calls';
import type { Ready, SpeakBody, Speech } from '../api/types';
import type { Language } from '../logic/dates';
import { barOf, charactersLeft, isOver, ownWords, shownSpeech } from '../logic/speech';
import type { KnownRobot } from '../logic/world';
import { say, t } from '../messages';
import { explain } from '../messages/explain';
import { ACTIONS } from '../state/actions';
import { tell } from '../state/live';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { useResource } from '../state/useresource';
import { Button } from './button';
import { Dialog } from './dialog';
import { Field, FieldError, Switch, TextArea } from './form';
import { Icon, type IconName } from './icon';
import { When } from './states';
import { Age } from './time';

const STATE_ICON: Readonly<Record<Speech['state'], IconName>> = {
  ordered: 'clock',
  waiting: 'clock',
  saying: 'soundOn',
  said: 'check',
  failed: 'alert',
};

/** Why it cannot speak now, in words; the voice's own where it gives a reason. */
function barText(robot: KnownRobot, urgent: boolean): string | null {
  const m = t().speech;
  const bar = barOf(robot, urgent);
  if (bar === 'mute') return m.mute(say(robot.parts.find((p) => p.name === 'voice')?.because));
  return bar && m[bar];
}

/** The button; nothing for those who may not order robots. */
export function SpeakButton({ robot, incidentId = null }: { robot: KnownRobot; incidentId?: string | null }) {
  const open = useSignal(false);
  if (!may(ACTIONS.robotOrder)) return null;
  const why = barText(robot, true); // a sentence that is being said may be interrupted: that is asked inside
  return (
    <>
      <Button icon="speak" label={t().speech.speak} why={why} onClick={() => (open.value = true)} />
      {open.value && <SpeakDialog robot={robot} incidentId={incidentId} onClose={() => (open.value = false)} />}
    </>
  );
}

interface SpeakProps {
  robot: KnownRobot;
  incidentId: string | null;
  onClose: () => void;
}

function SpeakDialog({ robot, incidentId, onClose }: SpeakProps) {
  const m = t();
  const offered = useResource('sentences', calls.sentences);
  const words = useSignal('');
  const urgent = useSignal(false);
  const busy = useSignal(false);
  const refused = useSignal<string | null>(null); // by the robot's state or the center
  const problem = useSignal<string | null>(null); // of the words of one's own
  const name = say(robot.name);
  const longest = offered.value.state === 'ready' ? offered.value.data.longest : 200;
  const left = charactersLeft(words.value, longest);

  const send = async (body: Pick<SpeakBody, 'sentence_id' | 'words'>, isUrgent: boolean) => {
    const bar = barText(robot, isUrgent);
    refused.value = bar;
    if (busy.value || bar) return;
    busy.value = true;
    try {
      tell({
        type: 'robot-answer',
        data: await calls.speak(robot.robot_id, { ...body, urgent: isUrgent, incident_id: incidentId }),
      });
      toast('done', m.speech.sent(name));
      onClose();
    } catch (error) {
      refused.value = explain(error); // what was written stays
    } finally {
      busy.value = false;
    }
  };
  const sendOwn = () => {
    if (charactersLeft(words.value, longest) === longest) problem.value = m.speech.nothing;
    else if (left < 0) problem.value = m.speech.tooLong(-left);
    else void send({ words: ownWords(words.value) }, urgent.value);
  };

  return (
    <Dialog title={m.speech.title(name)} onClose={onClose}>
      <SpeechLine speech={robot.speech && !isOver(robot.speech) ? robot.speech : null} />
      <Switch
        label={m.speech.urgent}
        checked={urgent.value}
        onChange={(on) => {
          urgent.value = on;
          refused.value = null;
        }}
      />
      <FieldError error={refused.value} />
      <h3 class="speak-head">{m.speech.ready}</h3>
      <When of={offered} what={m.speech.sentences}>
        {({ ready, language }) => (
          <ul class="speak-ready">
            <li class="hint">{m.speech.aloud[spokenIn(robot, language)]}</li>
            {ready.map((sentence) => (
              <ReadyButton
                key={sentence.sentence_id}
                sentence={sentence}
                busy={busy.value}
                onClick={() => void send({ sentence_id: sentence.sentence_id }, sentence.urgent || urgent.value)}
              />
            ))}
          </ul>
        )}
      </When>
      <form
        class="dialog-form"
        onSubmit={(e) => {
          e.preventDefault();
          sendOwn();
        }}
      >
        <Field label={m.speech.own} hint={m.speech.ownHint(longest)} error={problem.value}>
          {(attributes) => (
            <TextArea
              {...attributes}
              rows={2}
              value={words.value}
              onInput={(v) => {
                words.value = v;
                problem.value = null;
              }}
            />
          )}
        </Field>
        <p class={`hint num ${left < 0 ? 'speak-long' : ''}`} aria-live="polite">
          {left < 0 ? m.speech.tooLong(-left) : m.speech.left(left)}
        </p>
        <div class="dialog-foot">
          <Button label={m.common.cancel} onClick={onClose} />
          <Button kind="primary" icon="speak" type="submit" label={m.speech.say} busy={busy.value} />
        </div>
      </form>
    </Dialog>
  );
}

/** As the center chooses: the site's language, unless the robot has no voice for it. */
function spokenIn(robot: KnownRobot, first: Language): Language {
  return robot.speaks.includes(first) ? first : first === 'zh' ? 'en' : 'zh';
}

function ReadyButton({ sentence, busy, onClick }: { sentence: Ready; busy: boolean; onClick: () => void }) {
  return (
    <li>
      <button
        type="button"
        class="speak-sentence"
        data-sentence={sentence.sentence_id}
        disabled={busy}
        onClick={onClick}
      >
        <Icon name="speak" size={16} />
        <span>{say(sentence.words)}</span>
        {sentence.urgent && <span class="chip chip-warn">{t().speech.urgentMark}</span>}
      </button>
    </li>
  );
}

/** What became of the newest sentence: state, words, age, and why not. */
export function SpeechLine({ speech, incidentId = null }: { speech: Speech | null; incidentId?: string | null }) {
  const m = t().speech;
  const shown = shownSpeech(speech, incidentId);
  if (!shown) return null;
  const kind = shown.state === 'failed' ? 'notice-warn' : shown.state === 'said' ? 'notice-done' : '';
  return (
    <p class={`notice speech ${kind}`} role="status" data-speech={shown.state}>
      <Icon name={STATE_ICON[shown.state]} size={16} />
      <span>
        <strong>{m.state[shown.state]}</strong> · <Age iso={shown.at} />
        <br />
        {m.quote(say(shown.words))}
        {say(shown.because) && ` — ${m.because(say(shown.because))}`}
      </span>
    </p>
  );
}
