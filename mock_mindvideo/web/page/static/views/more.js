// The button at the end of rows that are not all shown.
import { Component, html } from "../html.js";
import { say } from "../words.js";

/** Pressed as soon as somebody scrolls near it. @extends {Component<{ left: number, page: number, more: () => void }>} */
export class More extends Component {
  /** @type {{ current: HTMLButtonElement | null }} */
  button = { current: null };

  watcher = new IntersectionObserver(
    (seen) => seen.some((each) => each.isIntersecting) && this.props.more(),
    { rootMargin: "200px" },
  );

  componentDidMount() {
    this.watch();
  }

  componentDidUpdate() {
    this.watch();
  }

  componentWillUnmount() {
    this.watcher.disconnect();
  }

  // Watched anew each time: a watcher tells of changes only, and between two of its looks
  // the rows that came may be scrolled past, or be too few to push the button away.
  watch() {
    this.watcher.disconnect();
    if (this.button.current) this.watcher.observe(this.button.current);
  }

  render() {
    const { left, page, more } = this.props;
    return html`
      <p class="buttons">
        <button class="more" ref=${this.button} onClick=${more}>${say("more.show", { count: Math.min(left, page) })}</button>
        <small>${say("more", { count: left })}</small>
      </p>
    `;
  }
}
