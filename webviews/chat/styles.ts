/** How wide the chat is. */
import { css } from 'lit';

/** Rows are as wide as is comfortable to read, in the middle of a wide panel. */
export const columnStyles = css`
  .column {
    width: 100%;
    max-width: 920px;
    margin: 0 auto;
    padding-left: 20px;
    padding-right: 20px;
  }
`;
