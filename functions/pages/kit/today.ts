import { useEffect, useState } from 'preact/hooks';
import { cityDay } from '../../../shared/time/day.js';

/** The city's day, which may change while a page lies open in a pocket. */
export function useToday(): string {
  const [today, setToday] = useState(() => cityDay(new Date()));
  useEffect(() => {
    const look = () => setToday(cityDay(new Date()));
    const timer = setInterval(look, 60_000);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return today;
}
