const seats = [0, 1, 2, 3, 4, 5, 6, 7].map((seat) => {
  const angle = ((seat + 0.5) * Math.PI) / 4;
  return { seat, x: 10 + 7.8 * Math.cos(angle), y: 10 + 7.8 * Math.sin(angle) };
});

/** Eight seats round a place: the mark, in the accent. */
export function Brand() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" fill="var(--own, var(--accent))" aria-hidden="true">
      {seats.map(({ seat, x, y }) => (
        <circle key={seat} cx={x.toFixed(1)} cy={y.toFixed(1)} r="2" />
      ))}
    </svg>
  );
}
