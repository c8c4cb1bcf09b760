/** The catalogue in the chosen language, and sentences of the center in it. */
import { computed } from '@preact/signals';
import type { Sentence } from '../api/types';
import { language } from '../state/prefs';
import { acts } from './acts';
import { common } from './common';
import { devices } from './devices';
import { errors } from './errors';
import { incidents } from './incidents';
import { live } from './live';
import { patrolForm, patrols } from './patrols';
import { analysis, settings } from './places';
import { people } from './people';
import { robots } from './robots';
import { login, shell } from './shell';
import { speech } from './speech';
import { video } from './video';

const catalogue = computed(() => {
  const l = language.value;
  return {
    acts: acts[l],
    common: common[l],
    errors: errors[l],
    shell: shell[l],
    login: login[l],
    live: live[l],
    robots: robots[l],
    incidents: incidents[l],
    patrols: patrols[l],
    people: people[l],
    patrolForm: patrolForm[l],
    devices: devices[l],
    settings: settings[l],
    analysis: analysis[l],
    video: video[l],
    speech: speech[l],
  };
});

/** The catalogue; a component that reads it is drawn again when the language changes. */
export const t = () => catalogue.value;

/** A sentence of the center in the chosen language; one that comes in a single language stays as it is. */
export function say(sentence: Sentence | null | undefined): string {
  if (!sentence) return '';
  return typeof sentence === 'string' ? sentence : sentence[language.value] || sentence.zh || sentence.en;
}
