/** A list that holds still while a pointer or the focus is on it. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { hold } from '../logic/order';

export interface Held {
  shown: readonly string[]; // the ids, in the order to draw
  arrived: number; // how many came while it was held
  on: {
    onPointerEnter: (e: PointerEvent) => void;
    onPointerLeave: () => void;
    onFocusCapture: () => void;
    onBlurCapture: () => void;
  };
}

/** @param of what is listed: when it changes (another filter), nothing is held over. */
export function useHeld(fresh: readonly string[], of = ''): Held {
  const pointed = useSignal(false);
  const focused = useSignal(false);
  const last = useRef({ of, shown: fresh, calm: fresh }); // calm: as it was when someone began to point at it
  const held = (pointed.value || focused.value) && last.current.of === of;
  last.current = {
    of,
    shown: hold(last.current.shown, fresh, held),
    calm: held ? last.current.calm : fresh,
  };
  const known = new Set(last.current.calm);
  return {
    shown: last.current.shown,
    arrived: fresh.filter((id) => !known.has(id)).length,
    on: {
      onPointerEnter: (e) => e.pointerType === 'mouse' && (pointed.value = true),
      onPointerLeave: () => (pointed.value = false),
      onFocusCapture: () => (focused.value = true),
      onBlurCapture: () => (focused.value = false),
    },
  };
}
