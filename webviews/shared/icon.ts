/** An icon of VS Code's own set. The panel links codicon.css for the font; the style sheet itself does not reach in here. */
import { css, html, LitElement } from 'lit';

const glyphs = {
  account: '\ueb99',
  add: '\uea60',
  archive: '\uea98',
  'arrow-down': '\uea9a',
  'arrow-right': '\uea9c',
  attach: '\uec34',
  bell: '\ueaa2',
  check: '\ueab2',
  'check-all': '\uebb1',
  checklist: '\ueab3',
  'chevron-down': '\ueab4',
  'chevron-right': '\ueab6',
  'chevron-up': '\ueab7',
  'circle-filled': '\uea71',
  'circle-outline': '\ueabc',
  'circle-slash': '\ueabd',
  clockface: '\uec75',
  close: '\uea76',
  comment: '\uea6b',
  'comment-discussion': '\ueac7',
  copy: '\uebcc',
  dash: '\ueacc',
  'debug-disconnect': '\uead0',
  'debug-pause': '\uead1',
  'debug-restart': '\uead2',
  'debug-stop': '\uead7',
  diff: '\ueae1',
  edit: '\uea73',
  error: '\uea87',
  export: '\uebac',
  eye: '\uea70',
  file: '\uea7b',
  flame: '\ueaf2',
  globe: '\ueb01',
  'go-to-file': '\uea94',
  inbox: '\ueb09',
  info: '\uea74',
  key: '\ueb11',
  lightbulb: '\uea61',
  'list-tree': '\ueb86',
  loading: '\ueb19',
  lock: '\uea75',
  mail: '\ueb1c',
  move: '\ueb22',
  organization: '\uea7e',
  pass: '\ueba4',
  play: '\ueb2c',
  plug: '\ueb2d',
  pulse: '\ueb31',
  question: '\ueb32',
  reply: '\uea7d',
  rocket: '\ueb44',
  search: '\uea6d',
  send: '\uec0f',
  shield: '\ueb53',
  'stop-circle': '\ueba5',
  sync: '\uea77',
  terminal: '\uea85',
  thinking: '\uec59',
  tools: '\ueb6d',
  trash: '\uea81',
  unlock: '\ueb74',
  verified: '\ueb77',
  warning: '\uea6c',
} as const;

export type IconName = keyof typeof glyphs;

/** Decoration only: what it says is also said in words beside it. */
class AgorIcon extends LitElement {
  static override properties = { name: { type: String } };
  static override styles = css`
    :host {
      display: inline-flex;
      flex: none;
      width: 16px;
      height: 16px;
      font: normal 16px/1 codicon;
      -webkit-font-smoothing: antialiased;
      user-select: none;
    }
    :host([spin]) {
      animation: spin 1.5s steps(30) infinite;
    }
    @keyframes spin {
      to {
        transform: rotate(360deg);
      }
    }
    @media (prefers-reduced-motion: reduce) {
      :host([spin]) {
        animation: none;
      }
    }
  `;

  declare name: IconName;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('aria-hidden', 'true');
  }

  override render() {
    return html`${glyphs[this.name]}`;
  }
}

customElements.define('agor-icon', AgorIcon);
