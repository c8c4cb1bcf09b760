/** Whether a picture is looked at: not scrolled away, and its page not hidden for long. */
import { useSignal, type Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

const GONE_AFTER_MS = 1_500; // scrolling past does not end a picture
const HIDDEN_AFTER_MS = 20_000; // nor does a look at another tab

/** Follows `told` at once when it turns true, and after `wait_ms` when it turns false. */
function patiently(seen: Signal<boolean>, wait_ms: number): { tell: (now: boolean) => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    tell(now) {
      clearTimeout(timer);
      if (now) seen.value = true;
      else timer = setTimeout(() => (seen.value = false), wait_ms);
    },
    stop: () => clearTimeout(timer),
  };
}

/** Whether the element is within the page's window and its panel. */
export function useInView(ref: RefObject<HTMLElement | null>): Signal<boolean> {
  const seen = useSignal(true);
  useEffect(() => {
    if (!ref.current) return;
    const { tell, stop } = patiently(seen, GONE_AFTER_MS);
    const observer = new IntersectionObserver((entries) => tell(entries.at(-1)?.isIntersecting ?? true));
    observer.observe(ref.current);
    return () => {
      stop();
      observer.disconnect();
    };
  }, []);
  return seen;
}

/** Whether the page itself is shown. */
export function usePageShown(): Signal<boolean> {
  const seen = useSignal(true);
  useEffect(() => {
    const { tell, stop } = patiently(seen, HIDDEN_AFTER_MS);
    const renew = () => tell(!document.hidden);
    document.addEventListener('visibilitychange', renew);
    return () => {
      stop();
      document.removeEventListener('visibilitychange', renew);
    };
  }, []);
  return seen;
}
