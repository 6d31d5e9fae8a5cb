using System.Globalization;

namespace Alcor.Rpc;

/// <summary><c>grpc-timeout</c>: up to eight digits and a unit, H M S m u n.</summary>
internal static class Timeout
{
    private const int DigitsMax = 8;
    private const long ValueMax = 99_999_999;

    /// <summary>
    /// False if the text is none. What is longer than <see cref="RpcLimits.TimeoutMax"/> is cut to it.
    /// </summary>
    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > DigitsMax + 1
            || !long.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        long? ticks = text[^1] switch
        {
            'H' => value * TimeSpan.TicksPerHour,
            'M' => value * TimeSpan.TicksPerMinute,
            'S' => value * TimeSpan.TicksPerSecond,
            'm' => value * TimeSpan.TicksPerMillisecond,
            'u' => value * TimeSpan.TicksPerMicrosecond,
            'n' => value / TimeSpan.NanosecondsPerTick,
            _ => null,
        };
        timeout = TimeSpan.FromTicks(Math.Min(ticks ?? 0, RpcLimits.TimeoutMax.Ticks));
        return ticks is not null;
    }

    /// <summary>The finest unit that holds the value, rounded up, so that the peer never gives up first.</summary>
    public static string Format(TimeSpan timeout)
    {
        var ticks = Math.Clamp(timeout.Ticks, 0, RpcLimits.TimeoutMax.Ticks);
        var (unit, name) = Math.Ceiling((double)ticks / TimeSpan.TicksPerMicrosecond) <= ValueMax
            ? (TimeSpan.TicksPerMicrosecond, 'u')
            : Math.Ceiling((double)ticks / TimeSpan.TicksPerMillisecond) <= ValueMax
                ? (TimeSpan.TicksPerMillisecond, 'm')
                : (TimeSpan.TicksPerSecond, 'S');
        return $"{(ticks + unit - 1) / unit}{name}";
    }
}
