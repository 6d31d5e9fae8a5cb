using System.Net;
using Alcor.Kernel.Addresses;

namespace Alcor.Reachability.Tests;

/// <summary>A port that the generator has made, as far as it must know it to send from there.</summary>
internal sealed record Machine(string Name, int Network, MacAddress Mac, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>What it may send from besides: addresses of allowed address pairs.</summary>
    public IReadOnlyList<IPAddress> Pairs { get; init; } = [];

    /// <summary>The MAC address of its allowed address pair; null: its own, or there is no pair.</summary>
    public MacAddress? PairMac { get; init; }

    /// <summary>Its address of a second subnet; null: it has none.</summary>
    public IPAddress? Second { get; init; }

    public IPAddress? Address(int version) => Addresses.FirstOrDefault(address => address.Version() == version);
}
