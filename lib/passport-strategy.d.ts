declare module 'passport-strategy' {
  const Strategy: new () => object;
  export default Strategy;
}
