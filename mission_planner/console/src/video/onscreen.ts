/** Whether an element is on the screen: not scrolled away, and its page not hidden for long. */
import { useSignal, type Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

const GONE_AFTER_MS = 1_500; // scrolling past does not end a picture
const HIDDEN_AFTER_MS = 20_000; // nor does a look at another tab

export function useOnScreen(ref: RefObject<HTMLElement | null>): Signal<boolean> {
  const seen = useSignal(true);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let inView = true;
    const settle = () => {
      clearTimeout(timer);
      const now = inView && !document.hidden;
      if (now) seen.value = true;
      else timer = setTimeout(() => (seen.value = false), document.hidden ? HIDDEN_AFTER_MS : GONE_AFTER_MS);
    };
    const observer = new IntersectionObserver((entries) => {
      inView = entries.at(-1)?.isIntersecting ?? inView;
      settle();
    });
    observer.observe(element);
    document.addEventListener('visibilitychange', settle);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener('visibilitychange', settle);
    };
  }, []);
  return seen;
}
