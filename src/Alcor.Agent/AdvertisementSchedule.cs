using Alcor.Agent.Desired;
using Alcor.Agent.Icmp;
using Alcor.Agent.Rendering;

namespace Alcor.Agent;

/// <summary>
/// When to tell which machine, unasked, of which router (RFC 4861 section 6.2.4): at once when there is something new
/// to say, soon again in case it was lost, then now and then; and once when a router is none any more (section 6.2.5).
/// </summary>
internal sealed class AdvertisementSchedule
{
    // MinRtrAdvInterval and MaxRtrAdvInterval, the defaults of RFC 4861 section 6.2.1.
    private static readonly TimeSpan IntervalMin = TimeSpan.FromSeconds(198);
    private static readonly TimeSpan IntervalMax = TimeSpan.FromSeconds(600);

    // MAX_INITIAL_RTR_ADVERTISEMENTS and MAX_INITIAL_RTR_ADVERT_INTERVAL (RFC 4861 section 10).
    private const int InitialMax = 3;
    private static readonly TimeSpan InitialInterval = TimeSpan.FromSeconds(16);

    // A machine hears of a router from its own host alone: this is to spread the work, not to keep hosts apart.
    private readonly Random _spread = new(1);
    private readonly Dictionary<Saying, (int Said, DateTimeOffset Due)> _sayings = [];
    private readonly List<Saying> _farewells = [];

    /// <summary>Takes over what is to be said; what is new is due at once.</summary>
    /// <param name="ports">All that are plugged, also those with nothing to hear.</param>
    public void Set(IEnumerable<AdvertisedPort> ports, DateTimeOffset now)
    {
        var plugged = ports.ToDictionary(port => (port.Port, port.Key), port => port.Advertisements);
        var current = plugged.SelectMany(port => port.Value.Select(said => new Saying(port.Key, said))).ToHashSet();
        _farewells.RemoveAll(farewell => !plugged.ContainsKey(farewell.Port));
        foreach (var gone in _sayings.Keys.Where(saying => !current.Contains(saying)).ToList())
        {
            _sayings.Remove(gone);
            // Neither to whoever is not there, nor of a router that has only something else to say.
            if (plugged.TryGetValue(gone.Port, out var said) && said.All(other => other.Router != gone.What.Router))
                _farewells.Add(gone with { What = gone.What with { Lifetime = TimeSpan.Zero } });
        }
        foreach (var saying in current)
            _sayings.TryAdd(saying, (0, now));
        _farewells.RemoveAll(farewell => current.Any(saying => farewell.IsContradictedBy(saying)));
    }

    /// <summary>What is to be said now, and to whom.</summary>
    public IReadOnlyList<(uint Key, RouterAdvertisement What)> Take(DateTimeOffset now)
    {
        var farewells = _farewells.Take(AgentLimits.AdvertisementsPerTickMax).ToList();
        _farewells.RemoveRange(0, farewells.Count);
        var due = _sayings.Where(saying => saying.Value.Due <= now).OrderBy(saying => saying.Value.Due)
            .Select(saying => saying.Key).Take(AgentLimits.AdvertisementsPerTickMax - farewells.Count).ToList();
        foreach (var saying in due)
        {
            var said = _sayings[saying].Said + 1;
            _sayings[saying] = (said, now + (said < InitialMax ? InitialInterval : Interval()));
        }
        return [.. farewells.Concat(due).Select(saying => (saying.Port.Key, saying.What))];
    }

    private TimeSpan Interval() => IntervalMin + (_spread.NextDouble() * (IntervalMax - IntervalMin));

    private readonly record struct Saying((EntryAddress Address, uint Key) Port, RouterAdvertisement What)
    {
        public bool IsContradictedBy(Saying other) => Port == other.Port && What.Router == other.What.Router;
    }
}
