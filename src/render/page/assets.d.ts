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
  /** Fonts: those of every page, and those of alphabets that symbols may use. */
  export const fontStyles: {
    readonly core: PageAsset;
    readonly caligraphic: PageAsset;
    readonly fraktur: PageAsset;
    readonly sansSerif: PageAsset;
    readonly script: PageAsset;
    readonly typewriter: PageAsset;
  };
}
