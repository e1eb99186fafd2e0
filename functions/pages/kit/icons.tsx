import type { ComponentChildren } from 'preact';

/** Drawn in the colour of the text around them, and silent: the words beside them say it. */
function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      width="24"
      height="24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const IconCheck = () => (
  <Icon>
    <path d="M5 12.5l4.5 4.5L19 7.5" />
  </Icon>
);
export const IconWarning = () => (
  <Icon>
    <circle cx="12" cy="12" r="9" />
    <path d="M12 7.5v5.5M12 16.5v.01" />
  </Icon>
);
export const IconForward = () => (
  <Icon>
    <path d="M9 5l7 7-7 7" />
  </Icon>
);
export const IconBack = () => (
  <Icon>
    <path d="M15 5l-7 7 7 7" />
  </Icon>
);
export const IconUp = () => (
  <Icon>
    <path d="M12 19V5M6 11l6-6 6 6" />
  </Icon>
);
export const IconDown = () => (
  <Icon>
    <path d="M12 5v14M6 13l6 6 6-6" />
  </Icon>
);
export const IconSearch = () => (
  <Icon>
    <circle cx="11" cy="11" r="6.5" />
    <path d="M16 16l4.5 4.5" />
  </Icon>
);
export const IconChat = () => (
  <Icon>
    <path d="M4 18.5V7a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H7zM8.5 10.5v.01M15.5 10.5v.01" />
  </Icon>
);
/** The service's mark: two leaves of one stem. */
export const IconMark = () => (
  <Icon>
    <path d="M12 21v-9M12 14C12 9 9 6 4 6c0 5 3 8 8 8zM12 11c0-4 2.5-7 8-7 0 5-3 7-8 7z" />
  </Icon>
);
