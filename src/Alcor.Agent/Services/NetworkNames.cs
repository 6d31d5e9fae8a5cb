using System.Net;
using Alcor.Agent.Desired;
using Alcor.OpenFlow;

namespace Alcor.Agent.Services;

/// <summary>What a port of a network is called.</summary>
/// <param name="Name">Relative or, with a dot at its end, whole; empty: each of its addresses makes one.</param>
/// <param name="Domain">That the name is in; empty: none. Null: that of whoever asks.</param>
internal sealed record PortNames(string Name, string? Domain, ValueList<IPAddress> Addresses)
{
    /// <summary>In lower case, without a dot at the end.</summary>
    /// <param name="domain">Of whoever asks.</param>
    public string WholeName(IPAddress address, string domain) =>
        DomainNames.Whole(Name.Length > 0 ? Name : DomainNames.Of(address), Domain ?? domain);
}

/// <summary>
/// The names of the machines and routers of a network as Neutron gives them (dns_assignment): those of their ports and,
/// of a port without one, one for each address.
/// </summary>
internal sealed class NetworkNames
{
    public static readonly NetworkNames Empty = new(
        RankedIndex<IPAddress, PortNames>.Empty, RankedIndex<string, PortNames>.Empty);

    private readonly RankedIndex<IPAddress, PortNames> _byAddress;

    // Only those with a name: the others are found by the address that is in the name.
    private readonly RankedIndex<string, PortNames> _byName;

    private NetworkNames(RankedIndex<IPAddress, PortNames> byAddress, RankedIndex<string, PortNames> byName) =>
        (_byAddress, _byName) = (byAddress, byName);

    public bool IsEmpty => _byAddress.IsEmpty && _byName.IsEmpty;

    /// <summary>Every name with its address, as the machine of a port in some domain would ask for them.</summary>
    public IEnumerable<(string Name, IPAddress Address)> All(string domain) =>
        from said in _byAddress.All
        from one in said.Value
        select (one.Value.WholeName(said.Key, domain), said.Key);

    /// <summary>What a port is called now, in place of what it was called before; null: it is not there.</summary>
    public NetworkNames With(EntryAddress port, PortNames? before, PortNames? now)
    {
        if (Equals(before, now))
            return this;
        var (byAddress, byName) = (_byAddress, _byName);
        foreach (var address in before?.Addresses ?? [])
            byAddress = byAddress.Without(address, port);
        if (NameOf(before) is { } old)
            byName = byName.Without(old, port);
        foreach (var address in now?.Addresses ?? [])
            byAddress = byAddress.With(address, port, now!);
        if (NameOf(now) is { } name)
            byName = byName.With(name, port, now!);
        return new(byAddress, byName);
    }

    /// <summary>The addresses of a name; null: nobody is called that.</summary>
    /// <param name="name">Whole, in lower case, without a dot at the end.</param>
    /// <param name="domain">Of whoever asks.</param>
    public IReadOnlyList<IPAddress>? AddressesOf(string name, string domain)
    {
        var named = _byName.At(name).SelectMany(port => port.Addresses).Distinct().ToList();
        if (DomainNames.AddressIn(name) is { } address && !named.Contains(address)
            && _byAddress.At(address).Any(port => port.Name.Length == 0 && port.WholeName(address, domain) == name))
        {
            named.Add(address);
        }
        return named.Count > 0 ? named : null;
    }

    /// <summary>Null: nobody has the address.</summary>
    public string? NameOf(IPAddress address, string domain) =>
        _byAddress.At(address).Select(port => port.WholeName(address, domain)).FirstOrDefault();

    private static string? NameOf(PortNames? port) =>
        port is { Name.Length: > 0, Addresses: [var address, ..] } ? port.WholeName(address, domain: "") : null;
}
