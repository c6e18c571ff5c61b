/** Looks of the chat page around its parts. */
import { css } from 'lit';

export const chatPageStyles = css`
  :host {
    display: flex;
    flex-direction: column;
  }
  main {
    flex-direction: column;
  }
`;
