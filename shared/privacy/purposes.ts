/** What data are used for; each has a switch, or a notice to read where the law leaves no choice. */
export const purposes = ['registration', 'sorting_record', 'event_reminders', 'lost_dog_contact', 'photo_use'] as const;
export type Purpose = (typeof purposes)[number];
