/** The signs people answer with, as the server takes them: over the meeting, and at a message. */
export const emoji = ["👍", "👏", "❤️", "😂", "🎉", "😮"] as const;
