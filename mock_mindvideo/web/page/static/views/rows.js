// A list of which only the rows that can be seen are on the page, so that its length costs nothing.
import { Component, html } from "../html.js";

/** Rows beyond either edge that are there already. */
const BEYOND = 10;

/**
 * @typedef {{ items: any[], height: number, row: (item: any) => any, label: string }} Given
 * @extends {Component<Given, { first: number, seen: number }>}
 */
export class Rows extends Component {
  state = { first: 0, seen: 40 };

  /** @param {any} event */
  scroll = (event) => {
    const { scrollTop, clientHeight } = event.currentTarget;
    const first = Math.max(0, Math.floor(scrollTop / this.props.height) - BEYOND);
    const seen = Math.ceil(clientHeight / this.props.height) + 2 * BEYOND;
    if (first !== this.state.first || seen !== this.state.seen) this.setState({ first, seen });
  };

  render() {
    const { items, height, row, label } = this.props;
    const first = Math.min(this.state.first, Math.max(0, items.length - this.state.seen));
    const shown = items.slice(first, first + this.state.seen);
    const style = { height: `${items.length * height}px` };
    return html`
      <div class="rows" onScroll=${this.scroll} tabindex="0" role="region" aria-label=${label}>
        <div style=${style} class="all" role="list">
          <div style=${{ transform: `translateY(${first * height}px)` }}>${shown.map(row)}</div>
        </div>
      </div>
    `;
  }
}
