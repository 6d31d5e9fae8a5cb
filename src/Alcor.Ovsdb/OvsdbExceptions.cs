namespace Alcor.Ovsdb;

/// <summary>What was received is not what RFC 7047 describes. Decoding throws this and nothing else.</summary>
public sealed class OvsdbFormatException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// The connection is gone, for the reason in the message. A request that was under way may or may not have been
/// carried out: read the database before trying again.
/// </summary>
public sealed class OvsdbConnectionLostException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The server answered a request with an error (RFC 7047 section 3.1, 4.1).</summary>
public sealed class OvsdbRemoteException(string method, string error, string? details)
    : Exception($"{method}: {error}{(details is null ? "" : ": " + details)}")
{
    public string Method { get; } = method;

    /// <summary>The error's tag, such as <c>unknown database</c>.</summary>
    public string Error { get; } = error;

    public string? Details { get; } = details;
}

/// <summary>
/// A transaction changed nothing, because one of its operations or its commit failed (RFC 7047 section 4.1.3).
/// </summary>
public sealed class OvsdbTransactionException(
    int operationIndex, OvsdbOperation? operation, string error, string? details)
    : Exception($"{Where(operationIndex, operation)}: {error}{(details is null ? "" : ": " + details)}")
{
    /// <summary>The failed operation, from 0; the number of operations if the commit itself failed.</summary>
    public int OperationIndex { get; } = operationIndex;

    /// <summary>The failed operation, null if the commit itself failed.</summary>
    public OvsdbOperation? Operation { get; } = operation;

    /// <summary>The error's tag, such as <c>constraint violation</c> or <c>timed out</c>.</summary>
    public string Error { get; } = error;

    public string? Details { get; } = details;

    private static string Where(int index, OvsdbOperation? operation) =>
        operation is null ? "the commit failed" : $"operation {index} ({operation.Name}) failed";
}
