/** What the incident has to show for itself before it is closed. */
import type { Incident } from '../api/types';
import { proofOf, type Proof } from '../logic/proof';
import { t } from '../messages';
import { siteNow } from '../state/now';
import { Icon } from '../ui/icon';
import { Section } from '../ui/panel';
import { whenText } from '../ui/time';

export const proven = (incident: Incident): Proof | null => proofOf(incident, siteNow());

export function ProofPart({ incident }: { incident: Incident }) {
  const m = t().acts;
  const photos = incident.evidence.length;
  const cleared = incident.source_cleared_at;
  const lines: [there: boolean, text: string][] = [
    [photos > 0, m.proof.photo(photos)],
    [
      proofOf({ evidence: [], source_cleared_at: cleared }, siteNow()) !== null,
      cleared ? m.proof.recovered(whenText(cleared)) : m.proof.recoveredNot,
    ],
    [false, m.proof.words],
  ];
  return (
    <Section title={m.proofTitle} aside={<span class="aside">{m.proofOne}</span>}>
      <ul class="proofs">
        {lines.map(([there, text]) => (
          <li key={text} class={there ? 'proof-there' : ''}>
            <Icon name={there ? 'check' : 'minus'} size={16} /> <span>{text}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
