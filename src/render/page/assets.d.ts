/** What the page carries in itself; provided by the bundler, see `page-assets.config.ts`. */
declare module "virtual:page-assets" {
  interface PageAsset {
    readonly text: string;
    /** As a source of a Content-Security-Policy, without its quotes. */
    readonly hash: string;
  }

  export const katexScript: PageAsset;
  export const katexStyle: PageAsset;
  export const clientScript: PageAsset;
  export const pageStyle: PageAsset;
  /** Fonts: those of every page, and those that only some commands need. */
  export const fontStyles: {
    readonly core: PageAsset;
    readonly ams: PageAsset;
    readonly bold: PageAsset;
    readonly boldLetters: PageAsset;
    readonly italic: PageAsset;
    readonly boldItalic: PageAsset;
    readonly caligraphic: PageAsset;
    readonly fraktur: PageAsset;
    readonly sansSerif: PageAsset;
    readonly script: PageAsset;
    readonly typewriter: PageAsset;
  };
}
