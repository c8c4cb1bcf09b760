/** What went wrong, and what to do about it. */
import { area } from './define';

export const errors = area(
  {
    unreachable: '连不上中心。请检查网络，或到机房确认巡护服务是否在运行，然后重试。',
    stream_ended: '中心断开了连接，正在重新连接。',
    forbidden: '你的账号没有这个权限。需要时请联系管理员。',
    notFound: '它已不存在，可能已被别人删除。',
    conflict: (why: string) => (why ? `现在不能这样做：${why}` : '现在不能这样做：状态刚刚变了，请看最新内容后再试。'),
    invalid: (why: string) => (why ? `内容有误：${why}` : '内容有误，请检查后再提交。'),
    tooMany: (s: number) => `操作太频繁，请 ${s} 秒后再试。`,
    server: '中心内部出错，这次操作没有完成。请重试；仍不行请联系管理员查看日志。',
    notDone: (what: string, why: string) => `“${what}”没有完成。${why}`,
    loadFailed: (what: string) => `读不到${what}`,
    mapFailed: '地图无法显示',
    mapFailedWhy: '浏览器没有开启 WebGL。请换用较新的浏览器，或在设置里打开硬件加速。其他功能不受影响。',
  },
  {
    unreachable:
      'The center cannot be reached. Check the network, or whether the Ronda service is running, then try again.',
    stream_ended: 'The center closed the connection; reconnecting.',
    forbidden: 'Your account may not do this. Ask an administrator if you need it.',
    notFound: 'It is no longer there; someone may have deleted it.',
    conflict: (why) =>
      why ? `Not possible now: ${why}` : 'Not possible now: the state has just changed. Look at it again, then retry.',
    invalid: (why) =>
      why ? `Please correct this: ${why}` : 'Something is not right; check the entries and send again.',
    tooMany: (s) => `Too many attempts. Try again in ${s} s.`,
    server: 'The center failed and this was not done. Try again; if it persists, ask an administrator to read the log.',
    notDone: (what, why) => `“${what}” was not done. ${why}`,
    loadFailed: (what) => `Could not load ${what}`,
    mapFailed: 'The map cannot be shown',
    mapFailedWhy:
      'This browser has no WebGL. Use a recent browser or turn on hardware acceleration. Everything else still works.',
  },
);
