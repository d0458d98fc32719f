namespace Cascade.Grains.Routing;

/// <summary>Makes one provider call with everything that belongs to it.</summary>
internal interface IAttemptRunner
{
    /// <summary>Makes a call. Every way out has booked its money.</summary>
    /// <param name="plan">The call.</param>
    /// <param name="cancellationToken">Says that nobody waits for it any more.</param>
    Task<Attempt> RunAsync(AttemptPlan plan, CancellationToken cancellationToken);
}
