using System.Globalization;
using System.Text;

namespace Alcor.Simulation.Tests;

/// <summary>How a world went.</summary>
/// <param name="Recovery">Virtual time from the last fault until everything was right.</param>
internal sealed record WorldResult(
    WorldSettings Settings, ulong Hash, Violation? Violation, long Steps, TimeSpan Recovery, IReadOnlyList<string> Tail)
{
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"seed {Settings.Seed}: {Violation?.ToString() ?? "no violation"}\n");
        text.Append(CultureInfo.InvariantCulture, $"{Settings}\n");
        text.Append("replay: ALCOR_SEED=").Append(Settings.Seed).Append(" SUITES=Simulation make test\n");
        foreach (var line in Tail)
            text.Append(line).Append('\n');
        return text.ToString();
    }
}

/// <summary>Runs a world from its beginning to its end: turmoil, then recovery.</summary>
internal static class WorldRun
{
    private const int TailLines = 120;
    private static readonly TimeSpan ProbePause = TimeSpan.FromMilliseconds(500);

    public static WorldResult Of(WorldSettings settings, Action<string>? listener = null)
    {
        using var world = new Simulation(settings);
        world.Trace.Listener = listener;
        var users = new Users(world);
        var turmoil = new Turmoil(world);
        foreach (var host in world.Hosts)
        {
            world.Time.After(world.Settings.Turmoil * (0.2 * world.Random.NextDouble()), host.StartAgent);
            _ = turmoil.RunMachinesAsync(host);
        }
        for (var user = 0; user < settings.Users; user++)
            _ = users.RunAsync();
        _ = turmoil.BreakThingsAsync();
        _ = ProbeAsync(world);
        world.Run(settings.Turmoil);
        turmoil.End();
        var ended = world.Time.GetUtcNow();
        string? missing = "users still wait";
        var isWell = world.RunUntil(
            () => users.IsDone && (missing = world.Oracle.Recovery.Missing()) is null, settings.Recovery);
        if (!isWell)
            world.Oracle.Violate("the world recovers", missing ?? "");
        return new WorldResult(
            settings,
            world.Trace.Hash,
            world.Oracle.Violation,
            world.Steps,
            world.Time.GetUtcNow() - ended,
            [.. world.Trace.Tail(TailLines)]);
    }

    private static async Task ProbeAsync(Simulation world)
    {
        while (true)
        {
            await Task.Delay(ProbePause, world.Time);
            world.Oracle.Packets.Probe();
            world.Oracle.CheckBounds();
        }
    }
}
