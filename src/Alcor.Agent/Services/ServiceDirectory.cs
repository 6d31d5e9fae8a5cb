using System.Collections.Immutable;
using System.Net;
using Alcor.Agent.Desired;

namespace Alcor.Agent.Services;

/// <summary>
/// Who may ask this host, and what the networks of whoever asks call their machines. A value: whoever answers keeps the
/// one that the agent published last, and waits for nobody.
/// </summary>
public sealed class ServiceDirectory
{
    public static readonly ServiceDirectory Empty = new(
        RankedIndex<IPAddress, ServiceClient>.Empty, ImmutableDictionary<Guid, NetworkNames>.Empty);

    private readonly RankedIndex<IPAddress, ServiceClient> _clients;
    private readonly ImmutableDictionary<Guid, NetworkNames> _names;

    private ServiceDirectory(
        RankedIndex<IPAddress, ServiceClient> clients, ImmutableDictionary<Guid, NetworkNames> names) =>
        (_clients, _names) = (clients, names);

    /// <summary>By the addresses that the service namespace knows them by.</summary>
    public IEnumerable<ServiceClient> Clients =>
        _clients.All.Select(known => known.Value[0].Value);

    /// <summary>Null: nobody is known by that address.</summary>
    public ServiceClient? ClientAt(IPAddress known) => _clients.At(known).FirstOrDefault();

    /// <summary>The networks with names in them.</summary>
    internal IEnumerable<KeyValuePair<Guid, NetworkNames>> Networks => _names;

    internal NetworkNames NamesOf(Guid network) => _names.GetValueOrDefault(network, NetworkNames.Empty);

    /// <summary>The clients of a port, in place of those of before.</summary>
    internal ServiceDirectory With(
        EntryAddress port, IReadOnlyList<ServiceClient> before, IReadOnlyList<ServiceClient> now)
    {
        if (before.SequenceEqual(now))
            return this;
        var clients = before.Aggregate(_clients, (index, client) => index.Without(client.Known, port));
        return new(now.Aggregate(clients, (index, client) => index.With(client.Known, port, client)), _names);
    }

    internal ServiceDirectory With(Guid network, NetworkNames names) =>
        new(_clients, names.IsEmpty ? _names.Remove(network) : _names.SetItem(network, names));
}
