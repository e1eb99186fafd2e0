import * as z from 'zod/mini';

/** The city's clock runs eight hours ahead of UTC and keeps no summer time (since 1991). */
const offsetMs = 8 * 3_600_000;
const dayMs = 86_400_000;

/** A day of the city's calendar, `2026-11-24`. */
export const Day = z.iso.date();

/** The city day of an instant: `2026-11-24T16:00:00Z` is already the 25th in Shanghai. */
export function cityDay(at: Date): string {
  return new Date(at.getTime() + offsetMs).toISOString().slice(0, 10);
}

/** The instant at which a city day begins, in UTC. */
export function startOfDay(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) - offsetMs);
}

/** `days` later, or earlier where negative. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}
