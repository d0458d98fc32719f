using System.Runtime.CompilerServices;

namespace Cascade.TestKit.Waiting;

/// <summary>Waits for something that another process or thread brings about and that has no event to await.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks again and again until the condition holds.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="within">How long it may take.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="text">The condition's own text.</param>
    /// <exception cref="TimeoutException">It did not come to hold in time.</exception>
    public static async Task HoldsAsync(
        Func<Task<bool>> condition,
        TimeSpan within,
        CancellationToken cancellationToken,
        [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > within)
            {
                throw new TimeoutException($"did not hold within {within}: {text}");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Looks again and again until the condition holds.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="within">How long it may take.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="text">The condition's own text.</param>
    /// <exception cref="TimeoutException">It did not come to hold in time.</exception>
    public static Task HoldsAsync(
        Func<bool> condition,
        TimeSpan within,
        CancellationToken cancellationToken,
        [CallerArgumentExpression(nameof(condition))] string text = "") =>
        HoldsAsync(() => Task.FromResult(condition()), within, cancellationToken, text);
}
