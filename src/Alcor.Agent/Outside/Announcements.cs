using Alcor.Agent.Rendering;

namespace Alcor.Agent.Outside;

/// <summary>
/// When to tell a network outside that an address is here now, so that nobody sends to where it was: at once, and soon
/// again in case it was lost.
/// </summary>
internal sealed class Announcements
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];

    private readonly Dictionary<OutsideAddress, (int Said, DateTimeOffset Due)> _addresses = [];

    /// <summary>Takes over what is here; what is new is due at once.</summary>
    public void Set(IReadOnlySet<OutsideAddress> addresses, DateTimeOffset now)
    {
        foreach (var gone in _addresses.Keys.Where(address => !addresses.Contains(address)).ToList())
            _addresses.Remove(gone);
        foreach (var address in addresses)
            _addresses.TryAdd(address, (0, now));
    }

    /// <summary>What is to be told now.</summary>
    public IReadOnlyList<OutsideAddress> Take(DateTimeOffset now)
    {
        var due = _addresses.Where(one => one.Value.Due <= now).Select(one => one.Key)
            .Take(AgentLimits.AnnouncementsPerTickMax).ToList();
        foreach (var address in due)
        {
            var said = _addresses[address].Said;
            _addresses[address] = (said + 1, said < Pauses.Length ? now + Pauses[said] : DateTimeOffset.MaxValue);
        }
        return due;
    }
}
