import type { ComponentChildren, InputHTMLAttributes, TextareaHTMLAttributes } from 'preact';

interface About {
  /** Also the field's name in a refusal of the service. */
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly fault?: string | undefined;
  /** The label above the field, where there is no room beside it. */
  readonly stacked?: boolean;
}

/** What a field says of itself, for its `aria-describedby`. */
const describedBy = ({ id, hint, fault }: About) => [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined;

function Around({ id, label, hint, fault, stacked, children }: About & { children: ComponentChildren }) {
  return (
    <div class={`weui-cell field ${stacked ? 'field_stacked' : ''} ${fault ? 'weui-cell_warn' : ''}`}>
      <label class="field__label" for={id}>
        {label}
      </label>
      <div class="field__body">
        {children}
        {hint && (
          <p class="field__hint" id={`${id}-hint`}>
            {hint}
          </p>
        )}
        {fault && (
          <p class="field__fault" id={`${id}-fault`}>
            {fault}
          </p>
        )}
      </div>
    </div>
  );
}

export function TextField({ id, label, hint, fault, ...input }: About & InputHTMLAttributes) {
  const about = { id, label, hint, fault };
  return (
    <Around {...about}>
      <input {...input} id={id} class="weui-input" aria-invalid={fault ? true : undefined} aria-describedby={describedBy(about)} />
    </Around>
  );
}

export function TextArea({ id, label, hint, fault, stacked = false, ...input }: About & TextareaHTMLAttributes) {
  const about = { id, label, hint, fault, stacked };
  return (
    <Around {...about}>
      <textarea {...input} id={id} class="weui-textarea" aria-invalid={fault ? true : undefined} aria-describedby={describedBy(about)} />
    </Around>
  );
}
