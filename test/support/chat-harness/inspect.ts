/** What a test asks a page about itself, through all shadow roots: whether a text is shown, and whether it became markup. */

const elements = 'script,iframe,frame,object,embed,applet,base,meta,link,portal,fencedframe,img,image,video,audio,source,track,marquee,map';
const addresses = ['href', 'xlink:href', 'src', 'srcset', 'action', 'formaction', 'poster', 'background', 'data', 'ping', 'srcdoc'];
/** A page never navigates: what a link names is asked of the panel. */
const harmless = /^(https?:\/\/|mailto:|(?![a-z][a-z0-9+.-]*:)[^/\\])/i;

export class Inspection {
  /** What stood in the page before anything was shown in it. */
  readonly #own = new Set<Element>(document.querySelectorAll('html, head *, body > script'));

  isShown(text: string): boolean {
    return roots().some((root) => root.textContent?.includes(text) || namedBy(root, text));
  }

  links(): HTMLAnchorElement[] {
    return roots().flatMap((root) => [...root.querySelectorAll('a')]);
  }

  /** Everything that text became and should not have. */
  markup(): string[] {
    const all = roots().flatMap((root) => [...root.querySelectorAll('*')]);
    return [...new Set(all.filter((element) => !this.#own.has(element)).flatMap((element) => faults(element)))];
  }
}

function faults(element: Element): string[] {
  const name = element.outerHTML.slice(0, 200);
  const found = element.matches(elements) ? [`an element: ${name}`] : [];
  for (const { name: attribute, value } of element.attributes) {
    if (/^on/i.test(attribute)) found.push(`a handler: ${name}`);
    if (addresses.includes(attribute) && !isHarmless(element, attribute, value)) found.push(`an address: ${name}`);
    if (attribute === 'style' && /url\(|image-set|expression|binding/i.test(value)) found.push(`a style: ${name}`);
  }
  return found;
}

function isHarmless(element: Element, attribute: string, value: string): boolean {
  return element.localName === 'a' && attribute === 'href' && (value === '' || harmless.test(value));
}

/** The document and every open shadow root below it. */
function roots(root: Document | ShadowRoot = document): (Document | ShadowRoot)[] {
  const below = [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? roots(shadowRoot) : []));
  return [root, ...below];
}

function namedBy(root: Document | ShadowRoot, text: string): boolean {
  return [...root.querySelectorAll('[title],[aria-label]')].some(({ attributes }) =>
    [...attributes].some(({ value }) => value.includes(text)),
  );
}
