/** Settings: language, appearance, sound; and the honest state of the system's parts. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Component, Status } from '../api/types';
import { full, type Language } from '../logic/dates';
import { say, t } from '../messages';
import { ACTIONS } from '../state/actions';
import { site, status, world } from '../state/live';
import { keysShown } from '../state/keys';
import { siteNow } from '../state/now';
import { language, soundChoice, themeChoice, type ThemeChoice } from '../state/prefs';
import { go, hrefOf } from '../state/route';
import { logOut, may, session } from '../state/session';
import { playAlarm } from '../state/sound';
import { Button } from '../ui/button';
import { Choice } from '../ui/form';
import { Icon } from '../ui/icon';
import { Fact, Facts, Panel, Section } from '../ui/panel';
import { roleNames } from '../ui/rolewords';
import { PART_ICON, Parts, useFreshParts } from '../ui/parts';
import { When } from '../ui/states';
import { zone } from '../ui/time';
import { Accounts } from './accounts';
import { Duty } from './duty';

const RENEW_MS = 15_000;

export function Settings({ id }: { id: string | null }) {
  if (id === 'duty') return <Duty />;
  if (id === 'accounts') return <Accounts />;
  return <General />;
}

function General() {
  const m = t().settings;
  const now = session.value;
  useEffect(() => {
    void status.reload();
    const timer = setInterval(() => void status.reload(), RENEW_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <Panel title={m.title} label={m.title}>
      <Choice<Language>
        label={m.language}
        value={language.value}
        onChange={(v) => (language.value = v)}
        options={[
          { value: 'zh', label: <span lang="zh-CN">中文</span> },
          { value: 'en', label: <span lang="en">English</span> },
        ]}
      />
      <Choice<ThemeChoice>
        label={m.theme}
        value={themeChoice.value}
        onChange={(v) => (themeChoice.value = v)}
        options={(['system', 'light', 'dark'] as const).map((v) => ({
          value: v,
          label: (
            <>
              <Icon name={v} size={16} /> {t().shell.theme[v]}
            </>
          ),
        }))}
      />
      <SoundPart />
      <Section title={t().people.duty}>
        <p class="hint">{t().people.dutyWhy}</p>
        <div class="actions">
          <Button icon="duty" label={t().people.open} onClick={() => go('settings', 'duty')} />
          {may(ACTIONS.accountManage) && (
            <Button icon="people" label={t().people.openAccounts} onClick={() => go('settings', 'accounts')} />
          )}
        </div>
      </Section>
      <Section title={m.system}>
        <When of={status} what={m.what}>
          {(read) => <SystemPart read={read} />}
        </When>
      </Section>
      <RobotParts />
      {now.state === 'in' && (
        <Section title={m.account}>
          <Facts>
            <Fact name={m.account}>
              {now.account.display_name} <span class="faint">({now.account.username})</span>
            </Fact>
            <Fact name={m.roles}>{roleNames(now.account.roles)}</Fact>
          </Facts>
          <div class="actions">
            <Button icon="logout" label={t().shell.logOut} onClick={() => void logOut()} />
            <Button icon="keys" label={m.keys} onClick={() => (keysShown.value = true)} />
            <Button icon="analysis" label={m.analysis} onClick={() => go('analysis')} />
          </div>
        </Section>
      )}
    </Panel>
  );
}

function SoundPart() {
  const m = t().settings;
  const heard = useSignal<boolean | null>(null);
  return (
    <div class="field">
      <Choice<'on' | 'off'>
        label={m.sound}
        value={soundChoice.value}
        onChange={(v) => (soundChoice.value = v)}
        options={[
          { value: 'on', label: m.soundOn },
          { value: 'off', label: m.soundOff },
        ]}
      />
      <p class="hint">{m.soundWhy}</p>
      <div class="actions">
        <Button
          icon="soundOn"
          label={m.soundTest}
          onClick={() => void playAlarm().then((played) => (heard.value = played))}
        />
      </div>
      {heard.value !== null && (
        <p class={`notice ${heard.value ? '' : 'notice-warn'}`} role="status">
          {heard.value ? m.soundPlayed : m.soundFailed}
        </p>
      )}
    </div>
  );
}

/** Eyes and video of every robot. */
function RobotParts() {
  const robots = [...world.value.robots.values()];
  useFreshParts(robots.map((r) => r.robot_id));
  if (robots.length === 0) return null;
  return (
    <>
      {robots.map((robot) => (
        <Section
          key={robot.robot_id}
          title={t().settings.partsOf(say(robot.name))}
          aside={<a href={hrefOf('robots', robot.robot_id)}>{t().robots.link[robot.link]}</a>}
        >
          <Parts robot={robot} />
        </Section>
      ))}
    </>
  );
}

function SystemPart({ read }: { read: Status }) {
  const m = t().settings;
  const known = site.value;
  const versions = Object.entries(read.versions ?? (read.version ? { ronda: read.version } : {}));
  return (
    <>
      <ul class="components">
        {read.components.map((component) => (
          <ComponentLine key={component.name} component={component} />
        ))}
      </ul>
      <Facts>
        <Fact name={m.siteTime}>
          <span class="num">{full(new Date(siteNow()), zone(), language.value)}</span>
          {read.speed !== 1 && ` · ${t().shell.speed(read.speed)}`}
        </Fact>
        <Fact name={m.timezone}>{known.state === 'ready' ? known.data.timezone : t().common.unknown}</Fact>
        {versions.map(([name, version]) => (
          <Fact key={name} name={name === 'ronda' ? m.version : `${m.version} ${name}`}>
            <span class="num">{version}</span>
          </Fact>
        ))}
      </Facts>
    </>
  );
}

function ComponentLine({ component }: { component: Component }) {
  const m = t().settings;
  const names: Readonly<Record<string, string>> = m.components;
  return (
    <li class={`component component-${component.state}`}>
      <Icon name={PART_ICON[component.state]} size={16} />
      <span>
        {m.component(names[component.name] ?? component.name, m.state[component.state], say(component.because))}
      </span>
    </li>
  );
}
