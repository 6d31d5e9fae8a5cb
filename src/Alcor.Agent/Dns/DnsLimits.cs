namespace Alcor.Agent.Dns;

/// <summary>Every bound of name resolution, with its reason. What one machine may, it may by each of its
/// addresses.</summary>
public static class DnsLimits
{
    /// <summary>Bytes of an answer by UDP: no link cuts it in pieces (DNS flag day 2020).</summary>
    public const int AnswerBytesMax = 1_232;

    /// <summary>Bytes of a question: a name, and options of every kind that there is.</summary>
    public const int QuestionBytesMax = 2_048;

    /// <summary>Questions that wait for others to answer; each has a socket and, for seconds, nothing else.</summary>
    public const int WaitingMax = 1_024;

    /// <summary>How many of those may be of one machine: a page of the web has some tens of names.</summary>
    public const int WaitingPerClientMax = 64;

    /// <summary>
    /// Questions of one machine that are looked at: a browser that starts asks a hundred at once. As many machines as
    /// one host has.
    /// </summary>
    internal static readonly AskingLimits Questions = new(Burst: 500, PerSecond: 200, KeysMax: 65_536);

    /// <summary>Connections of one machine; a resolver has one or two.</summary>
    public const int ConnectionsPerClientMax = 8;

    public const int ConnectionsMax = 1_024;

    /// <summary>A connection without a question is closed (RFC 7766 section 6.2.3 has it be seconds).</summary>
    public static readonly TimeSpan ConnectionIdle = TimeSpan.FromSeconds(10);

    /// <summary>How long a resolver is waited for before the next one is asked: machines give up after five
    /// seconds.</summary>
    public static readonly TimeSpan ResolverTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Resolvers asked for one question.</summary>
    public const int ResolversMax = 3;
}
