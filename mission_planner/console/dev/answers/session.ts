/** Development only: who is logged in; of whoever logged in last, for this is a play. */
import type { Account } from '../../src/api/types';
import { DONE, ok, wrong, type Answer, type Asked } from './answer';

const ACTIONS = [
  'incident.acknowledge',
  'incident.close',
  'incident.false_alarm',
  'incident.reopen',
  'incident.note',
  'incident.release',
  'robot.order',
  'patrol.edit',
  'patrol.run',
  'video.watch',
  'incident.dispatch',
  'incident.verify',
  'incident.arrive',
  'incident.resolve',
  'incident.merge',
  'sensor.edit',
  'sensor.shelve',
  'evidence.export',
  'duty.edit',
  'account.manage',
];
const VIEWER = { username: 'viewer', display_name: '大屏', roles: ['viewer'], actions: [] };
const ACCOUNT = { username: 'admin', display_name: '值班员', roles: ['admin'], actions: ACTIONS };

export class Session {
  private attempts = 0;
  private account: Account = ACCOUNT;

  answer({ method, body }: Asked, cookie: boolean): Answer {
    if (method === 'DELETE') return DONE;
    if (method === 'GET') return cookie ? ok({ account: this.account }) : wrong(401, 'unauthenticated', 'no session');
    this.account = body['username'] === 'viewer' ? VIEWER : ACCOUNT;
    if (body['password'] === 'ronda') return ok({ account: this.account });
    this.attempts += 1;
    return this.attempts % 4 === 0
      ? wrong(429, 'throttled', 'too many attempts')
      : wrong(401, 'wrong_password', 'wrong');
  }
}
