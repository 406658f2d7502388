/** The retrofit programme as a row of stages, each with its lifts, in the order a lift goes through them. */
import { LIFT_STAGES, type LiftProject, type LiftStage } from '../../../../domain/estate.ts'

export interface PipelineStage {
  readonly stage: LiftStage
  readonly count: number
  /** In service but not yet taken over: nobody is bound to look after it, so it stands out. */
  readonly isWaiting: boolean
}

export function pipelineOf(lifts: readonly LiftProject[]): readonly PipelineStage[] {
  return LIFT_STAGES.map((stage) => {
    const count = lifts.filter((lift) => lift.stage === stage).length
    return { stage, count, isWaiting: stage === 'in-service' && count > 0 }
  })
}
