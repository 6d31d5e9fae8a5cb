using System.Collections.Immutable;

namespace Alcor.Network.Ports;

/// <summary>The rules of extra_dhcp_opts: an option is known by its name and its version of IP.</summary>
internal static class ExtraDhcpOptions
{
    /// <summary>What a port has after a request that names some of its options: null ends one.</summary>
    public static ImmutableArray<ExtraDhcpOption> Apply(
        ImmutableArray<ExtraDhcpOption> current, ImmutableArray<ExtraDhcpOption> named)
    {
        foreach (var option in named)
        {
            var at = IndexOf(current, option);
            if (at < 0 && HasValue(option))
                current = current.Add(option);
            else if (at >= 0 && option.Value is null)
                current = current.RemoveAt(at);
            else if (at >= 0 && HasValue(option))
                current = current.SetItem(at, option);
        }
        return current;
    }

    private static int IndexOf(ImmutableArray<ExtraDhcpOption> options, ExtraDhcpOption wanted)
    {
        for (var i = 0; i < options.Length; i++)
        {
            if (options[i].Name == wanted.Name && options[i].IpVersion == wanted.IpVersion)
                return i;
        }
        return -1;
    }

    /// <summary>Some options mean something without a value.</summary>
    private static bool HasValue(ExtraDhcpOption option) =>
        option.Name is "router" or "classless-static-route"
            ? option.Value is not null
            : option.Value is { Length: > 0 };
}
