using Microsoft.Extensions.Logging;

namespace Cascade.Storage;

/// <summary>Says at start where state goes, loudly when it goes nowhere.</summary>
internal sealed partial class StorageAnnouncement(StorageConfig config, ILogger<StorageAnnouncement> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(StorageAnnouncement), ServiceLifecycleStage.RuntimeInitialize, _ => AnnounceAsync());

    private Task AnnounceAsync()
    {
        if (config.Mode == StorageMode.Memory)
            LogMemory(logger);
        else
            LogDurable(logger, config.Mode, config.ServiceId, config.ClusterId);
        return Task.CompletedTask;
    }
}
