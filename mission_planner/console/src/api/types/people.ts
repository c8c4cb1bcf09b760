/** Wire types: accounts as the administrator sees them, who is on duty when, and what one was told. */
import type { Sentence, Text } from './common';
import type { Priority } from './incidents';

export interface Person {
  username: string;
  display_name: string;
  roles: string[];
  disabled: boolean;
}

export interface Shift {
  shift_id: string;
  username: string;
  display_name: string;
  role: string;
  starts_at: string;
  ends_at: string;
}

export interface ShiftDraft {
  username: string;
  role: string;
  starts_at: string;
  ends_at: string;
}

export interface PersonDraft {
  username: string;
  display_name: string;
  roles: string[];
  password: string;
}

export type PersonChange = Partial<Pick<Person, 'display_name' | 'roles' | 'disabled'>> & { password?: string };

/** One telling in the account's hands. */
export interface Notice {
  seq: number;
  at: string;
  incident_id: string;
  kind_name: Text;
  priority: Priority;
  place: Sentence | null;
  action: 'trigger' | 'untaken' | 'acknowledge' | 'resolve' | 'order' | 'handed_on';
  text: Sentence;
  read: boolean;
}
