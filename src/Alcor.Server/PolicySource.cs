using Alcor.Policy;

namespace Alcor.Server;

/// <summary>
/// The policy that is in force: the default one, or with a file the one that the file makes of it. A file that has
/// changed is read anew; while it cannot be used, what was in force stays so.
/// </summary>
public sealed class PolicySource
{
    private readonly string? _path;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _reading = new();
    private FileStamp _stamp;
    private long _lookedAt;
    private volatile AccessPolicy _policy;

    private PolicySource(string? path, TimeProvider time, ILogger logger)
    {
        (_path, _time, _logger) = (path, time, logger);
        _lookedAt = time.GetTimestamp();
        _policy = path is null ? AccessPolicy.Default : Read(path, out _stamp);
    }

    /// <summary>Ask for each request: it may be another one by then.</summary>
    public AccessPolicy Current
    {
        get
        {
            if (_path is not null
                && _time.GetElapsedTime(Volatile.Read(ref _lookedAt)) >= ServerLimits.PolicyFileInterval)
            {
                Refresh(_path);
            }

            return _policy;
        }
    }

    /// <summary>Reads the file.</summary>
    /// <param name="path">Null: the default rules alone.</param>
    /// <exception cref="IOException">It cannot be read, or has errors; the message names them.</exception>
    public static PolicySource Open(string? path, TimeProvider time, ILogger logger) => new(path, time, logger);

    /// <summary>By one thread; the others go on with what is in force.</summary>
    private void Refresh(string path)
    {
        if (!_reading.TryEnter())
            return;
        try
        {
            Volatile.Write(ref _lookedAt, _time.GetTimestamp());
            var stamp = FileStamp.Of(path);
            if (stamp == _stamp)
                return;
            // Before it is read: one that cannot be used is told of once.
            _stamp = stamp;
            _policy = Read(path, out _stamp);
            _logger.LogInformation("The policy file {Path} has changed and is in force.", path);
        }
        catch (IOException exception)
        {
            _logger.LogError("The policy from before stays in force: {Reason}", exception.Message);
        }
        finally
        {
            _reading.Exit();
        }
    }

    private static AccessPolicy Read(string path, out FileStamp stamp)
    {
        try
        {
            // The stamp first: a change while the file is read makes another one.
            stamp = FileStamp.Of(path);
            if (stamp.Length > ServerLimits.PolicyFileBytesMax)
                throw new IOException($"{path}: it is longer than {ServerLimits.PolicyFileBytesMax} bytes");
            return AccessPolicy.TryRead(path, File.ReadAllText(path), out var policy, out var errors)
                ? policy
                : throw new IOException(string.Join('\n', errors));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <summary>What tells a changed file from the one before.</summary>
    private readonly record struct FileStamp(DateTime Written, long Length)
    {
        public static FileStamp Of(string path)
        {
            var file = new FileInfo(path);
            return file.Exists ? new FileStamp(file.LastWriteTimeUtc, file.Length) : default;
        }
    }
}
