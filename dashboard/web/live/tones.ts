/** The four tones of the desk, made by the browser itself: nothing to load, nothing that can be missing. */
export type Tone = 'p1' | 'p2' | 'p3' | 'lost'

export interface TonePlayer {
  /** False until the browser lets us sound, which takes one click or key of a person. */
  running(): boolean
  /** Asks the browser again; call it from a click. */
  unlock(): Promise<void>
  /** Plays a tone once. P1 is continuous: use `hold`. */
  play(tone: Exclude<Tone, 'p1'>): void
  /** The continuous tone of P1, on or off. */
  hold(on: boolean): void
  close(): void
}

interface Note {
  readonly hz: number
  readonly at: number
  readonly s: number
}

const NOTES: Readonly<Record<Exclude<Tone, 'p1'>, { readonly wave: OscillatorType; readonly notes: readonly Note[] }>> = {
  p2: {
    wave: 'square',
    notes: [
      { hz: 587, at: 0, s: 0.16 },
      { hz: 740, at: 0.22, s: 0.16 },
      { hz: 880, at: 0.44, s: 0.24 },
    ],
  },
  p3: { wave: 'sine', notes: [{ hz: 523, at: 0, s: 0.35 }] },
  lost: {
    wave: 'triangle',
    notes: [
      { hz: 330, at: 0, s: 0.4 },
      { hz: 196, at: 0.45, s: 0.7 },
    ],
  },
}
const LOUD = 0.16

export function startTones(): TonePlayer {
  const audio = new AudioContext()
  let held: OscillatorNode[] = []

  const note = (wave: OscillatorType, { hz, at, s }: Note) => {
    const oscillator = new OscillatorNode(audio, { type: wave, frequency: hz })
    const gain = new GainNode(audio, { gain: 0 })
    const from = audio.currentTime + at
    gain.gain.setValueAtTime(0, from)
    gain.gain.linearRampToValueAtTime(LOUD, from + 0.02)
    gain.gain.setValueAtTime(LOUD, from + s - 0.03)
    gain.gain.linearRampToValueAtTime(0, from + s)
    oscillator.connect(gain).connect(audio.destination)
    oscillator.start(from)
    oscillator.stop(from + s)
  }

  return {
    running: () => audio.state === 'running' && navigator.userActivation.hasBeenActive,
    unlock: () => audio.resume(),
    play: (tone) => {
      for (const one of NOTES[tone].notes) note(NOTES[tone].wave, one)
    },
    hold: (on) => {
      if (on === held.length > 0) return
      for (const oscillator of held) oscillator.stop()
      held = on ? startSiren(audio) : []
    },
    close: () => void audio.close(),
  }
}

/** Two pitches, twice a second, without end: nodes of the browser's own clock, so a busy or hidden page does not break it. */
function startSiren(audio: AudioContext): OscillatorNode[] {
  const voice = new OscillatorNode(audio, { type: 'square', frequency: 770 })
  const sway = new OscillatorNode(audio, { type: 'square', frequency: 2 })
  const depth = new GainNode(audio, { gain: 110 })
  const gain = new GainNode(audio, { gain: LOUD })
  sway.connect(depth).connect(voice.frequency)
  voice.connect(gain).connect(audio.destination)
  voice.start()
  sway.start()
  return [voice, sway]
}
