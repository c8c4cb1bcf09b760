import { describe, expect, it } from 'vitest';
import { nameOf } from '../../src/logic/names';
import { incident } from './make';

describe('who did it', () => {
  it('is called by one name on the whole page, and by the user name where no other is known', () => {
    const sent = incident({ assignee: { username: 'wang', display_name: '王师傅' } });
    const me = { username: 'li', display_name: '李值班' };
    expect(['wang', 'li', 'zhao'].map((who) => nameOf(sent, who, [me]))).toEqual(['王师傅', '李值班', 'zhao']);
  });
});
