/** A mission's ledger: every stop, what was found there and when; and its photos. */
import type { Mission, MissionCheckpoint } from '../api/types';
import { say, t } from '../messages';
import { Icon } from './icon';
import { Photos } from './photos';
import { Moment } from './time';

export function Ledger({ mission }: { mission: Mission }) {
  const m = t().robots;
  const next = mission.state === 'underway' ? mission.checkpoints.find((c) => c.entry === null) : undefined;
  return (
    <ol class="ledger" aria-label={m.ledger}>
      {mission.checkpoints.map((checkpoint, i) => (
        <Line key={checkpoint.checkpoint_id} nth={i + 1} checkpoint={checkpoint} next={checkpoint === next} />
      ))}
    </ol>
  );
}

function Line({ nth, checkpoint, next }: { nth: number; checkpoint: MissionCheckpoint; next: boolean }) {
  const m = t().robots;
  const { entry } = checkpoint;
  const look = entry ? (entry.outcome === 'seen' ? 'seen' : 'failed') : next ? 'next' : 'waiting';
  return (
    <li class={`ledger-line ledger-${look}`}>
      <i class="num" aria-hidden="true">
        {look === 'seen' ? <Icon name="check" size={13} /> : nth}
      </i>
      <span class="ledger-name">{say(checkpoint.name)}</span>
      <span class="ledger-fact">
        {entry ? (
          entry.outcome === 'seen' ? (
            <span class="unseen">{m.outcome.seen}</span>
          ) : (
            m.outcome[entry.outcome]
          )
        ) : next ? (
          m.next
        ) : (
          ''
        )}
        {entry && <Moment iso={entry.at} />}
      </span>
      {entry && say(entry.because) && entry.outcome !== 'seen' && <span class="ledger-why">{say(entry.because)}</span>}
    </li>
  );
}

/** Every photo of the mission in the order of its stops. */
export function MissionPhotos({ mission }: { mission: Mission }) {
  const pictures = mission.checkpoints.flatMap((c) => c.entry?.photos ?? []);
  if (pictures.length === 0) return <p class="hint">{t().patrols.noPhotos}</p>;
  return <Photos pictures={pictures} />;
}
