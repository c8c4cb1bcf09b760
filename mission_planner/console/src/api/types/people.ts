/** Wire types: accounts as the administrator sees them, and who is on duty when. */

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
