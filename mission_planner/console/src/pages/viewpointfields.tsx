/** Choosing viewpoints: those chosen in their order, and those still to choose from, searchable. */
import { useSignal } from '@preact/signals';
import { matches } from '../logic/search';
import { moved, toggled } from '../logic/draft';
import { named } from '../map/features';
import { say, t } from '../messages';
import { site } from '../state/live';
import { Button, IconButton } from '../ui/button';
import { FieldError, Search } from '../ui/form';
import { Icon } from '../ui/icon';
import { Section } from '../ui/panel';

interface Props {
  chosen: string[];
  error: string | null;
  onChange: (viewpoints: string[]) => void;
}

export function ViewpointFields({ chosen, error, onChange }: Props) {
  const m = t().patrolForm;
  const text = useSignal('');
  const known = site.value;
  const all = known.state === 'ready' ? named(known.data.map, 'viewpoint') : [];
  const nameOf = (id: string) => say(all.find((v) => v.id === id)?.name) || id;
  const free = all.filter((v) => !chosen.includes(v.id) && matches(text.value, [v.name.zh, v.name.en, v.id]));
  return (
    <Section
      title={m.viewpoints}
      aside={
        <span class="aside">
          {m.chosen(chosen.length)}
          {chosen.length > 0 && <Button kind="quiet" label={m.chooseNone} onClick={() => onChange([])} />}
          {chosen.length === 0 && (
            <Button kind="quiet" label={m.chooseAll} onClick={() => onChange(all.map((v) => v.id))} />
          )}
        </span>
      }
    >
      <p class="hint">{m.viewpointsHint}</p>
      <FieldError error={error} />
      {chosen.length > 0 && (
        <ol class="chosen-list">
          {chosen.map((id, i) => (
            <li key={id}>
              <i class="num">{i + 1}</i>
              <span>{nameOf(id)}</span>
              <IconButton
                label={m.moveUp(nameOf(id))}
                icon="up"
                disabled={i === 0}
                onClick={() => onChange(moved(chosen, i, -1))}
              />
              <IconButton
                label={m.moveDown(nameOf(id))}
                icon="down"
                disabled={i === chosen.length - 1}
                onClick={() => onChange(moved(chosen, i, 1))}
              />
              <IconButton
                label={m.removePoint(nameOf(id))}
                icon="close"
                onClick={() => onChange(toggled(chosen, id))}
              />
            </li>
          ))}
        </ol>
      )}
      <div class="free">
        <Search value={text.value} hint={m.addPoints} onInput={(v) => (text.value = v)} />
        <ul class="free-list" aria-label={m.addPoints}>
          {free.map((v) => (
            <li key={v.id}>
              <button type="button" onClick={() => onChange(toggled(chosen, v.id))}>
                <Icon name="plus" size={15} />
                {say(v.name)}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Section>
  );
}
