import type { AnchorHTMLAttributes, ButtonHTMLAttributes, ComponentChildren } from 'preact';

interface Props extends ButtonHTMLAttributes {
  readonly kind?: 'primary' | 'default';
  /** Under way: pressing again does nothing, and the button keeps its focus. */
  readonly busy?: boolean;
  /** Not yet to be pressed. It can still be reached, so that a screen reader finds it and the words around it. */
  readonly idle?: boolean;
  readonly children: ComponentChildren;
}

export function Button({ kind = 'primary', busy = false, idle = false, type = 'button', onClick, children, ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type}
      class={`weui-btn weui-btn_${kind}`}
      aria-disabled={busy || idle || undefined}
      onClick={(event) => {
        if (busy || idle) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy && <span class="spinner" aria-hidden="true" />}
      {children}
    </button>
  );
}

/** A way elsewhere that is offered like a button. The pages' policy lets no form leave. */
export function ButtonLink({ kind = 'primary', children, ...rest }: Pick<Props, 'kind' | 'children'> & AnchorHTMLAttributes) {
  return (
    <a {...rest} class={`weui-btn weui-btn_${kind}`}>
      {children}
    </a>
  );
}
