/** Roles in words. */
import { t } from '../messages';

export function roleName(role: string): string {
  const names: Readonly<Record<string, string>> = t().settings.role;
  return names[role] ?? role;
}

export const roleNames = (roles: readonly string[]): string => roles.map(roleName).join(t().common.list);
